import type { DefineSetupFnComponent } from "vue";
import type { Chat, ChatOptions } from "secondme-chat";

/**
 * The chat: where it stands in the page with `mode="inline"`, else in a corner of the window. Its options are read once; give
 * it another `key` for another chat.
 */
export const ChatWidget: DefineSetupFnComponent<ChatOptions, { chat: (chat: Chat) => void }>;
