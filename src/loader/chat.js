// The module for programs, as the proxy serves it.

import { mountFrom } from "./mount.js";
import { partsAt } from "./parts.js";

const base = new URL(".", import.meta.url).href;

export const mount = mountFrom(partsAt(base), base);
