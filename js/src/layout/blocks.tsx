import { define } from "../runtime/define";
import "./stacks.css";

/** The app itself, and one that stands inside another. */
export default define(({ children }) => children);
