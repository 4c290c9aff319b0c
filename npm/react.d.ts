import type { ReactElement } from "react";
import type { Chat, ChatOptions } from "secondme-chat";

/** The options of `mount`, and what is given the chat, to steer it by. */
export interface ChatWidgetProps extends ChatOptions {
  onChat?: (chat: Chat) => void;
}

/** The chat: where it stands in the page with `mode="inline"`, else in a corner of the window. */
export function ChatWidget(props: ChatWidgetProps): ReactElement;
