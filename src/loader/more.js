// What only some pages want of the loader, fetched where one does.

export { apologize } from "./apology.js";
export { mount } from "./frame.js";
export { tease } from "./teaser.js";
