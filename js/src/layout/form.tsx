import { define } from "../runtime/define";
import "./stacks.css";

/** Neighbouring fields under one frame, hairlines between them. */
export default define(({ children }) => children);
