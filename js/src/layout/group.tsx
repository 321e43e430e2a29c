import { define } from "../runtime/define";
import "./stacks.css";

/** Children without gaps, under one frame. */
export default define(({ children }) => children);
