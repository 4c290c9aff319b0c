// The chat as a component of React.
import { createElement, useEffect, useRef } from "react";
import { mount } from "secondme-chat";

/** Takes the options of `mount`, and `onChat`, which is given the chat. Other options make it another chat. */
export function ChatWidget({ onChat, ...options }) {
  const place = useRef(null);
  // The same options in a new object are the same.
  const said = JSON.stringify(options);
  useEffect(() => {
    const chat = mount({ ...JSON.parse(said), target: options.mode === "inline" ? place.current : null });
    onChat?.(chat);
    return () => chat.destroy();
  }, [said]);
  return createElement("div", { ref: place });
}
