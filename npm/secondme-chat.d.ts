// What a program can say to the chat. The names are held to those in the code by a test.

/** What a site may set: the script tag's `data-` attributes, by the names that a program has for them. */
export interface ChatOptions {
  /** The address of the site's chat proxy, such as `/chat`. */
  base: string;
  /** Which of the proxy's avatars, by its alias. */
  avatar?: string;
  /** How the avatar's owner sees the visitor. */
  visitorName?: string;
  /** What outlives the page: the conversation in the browser, in the tab, or nothing. */
  persist?: "local" | "session" | "none";
  /** Whether visitors are offered to sign in with SecondMe. */
  signIn?: boolean;
  /** The tag of the language to speak; else the page's, else the visitor's. */
  language?: string;
  /** The site's own words, by the names of the texts. */
  strings?: Record<string, string | Record<string, string>>;
  /** In a corner of the window, or in the place that it is given. */
  mode?: "floating" | "inline" | "frame";
  /** At which edge of the window it floats; else at the end of the page's lines. */
  side?: "left" | "right";
  /** Light, dark, or as the visitor's system is. */
  theme?: "auto" | "light" | "dark";
  /** Dark while the page's root or body has this class; stands above `theme`. */
  darkClass?: string;
  /** What of a long reply stays in view: its newest words, or its beginning. */
  scroll?: "bottom" | "top";
  /** Whether a soft sound says that a message has come, until the visitor decides. */
  sound?: boolean;
  /** What the visitor is to know about the avatar: in the widget's words, in these, or nothing. */
  notice?: boolean | string;
  /** What the visitor is to agree to before anything is stored or sent. */
  consent?: boolean | string;
  /** The address of the site's own page on privacy. */
  consentHref?: string;
  /** What a visitor may ask first. */
  starters?: string[];
  /** Hosts whose pictures in a reply are shown. */
  imageHosts?: string[];
  /** A few words beside the launcher. */
  teaser?: string;
  /** After how many seconds they are shown. */
  teaserAfter?: number;
  /** At how many percent of the page they are shown, if that comes first. */
  teaserScroll?: number;
  /** The name of the button that closes them. */
  teaserDismiss?: string;
  /** When the chat's files are fetched: when the launcher is pointed at, when the browser is idle, or at once. */
  load?: "interaction" | "idle" | "eager";
  /** What is said where the chat could not be loaded. */
  loadFailed?: string;
  /** The words of the link that is shown where the chat cannot be had. */
  fallback?: string;
  /** Where a visitor can turn to instead: an address, `mailto:` or `tel:`. */
  fallbackHref?: string;
}

/** What `mount` takes. */
export interface MountOptions extends ChatOptions {
  /** The element that the chat is put into; the page's body without it. */
  target?: Element | null;
}

/** Puts a chat into the page. Nothing is asked for or stored before it is first opened. */
export function mount(options: MountOptions): Chat;

/** A chat on the page. What is called before it is there waits for it. */
export interface Chat {
  /** Opens the panel. */
  open(): void;
  /** Closes the panel; the conversation goes on. */
  close(): void;
  /** Opens a closed panel, closes an open one. */
  toggle(): void;
  /** Opens the panel and sends a message as if the visitor had typed it. */
  send(text: string): void;
  /** Puts a text into the composer for the visitor to send or change. */
  prefill(text: string): void;
  /** Says who is signed in on the page; null for nobody. */
  identify(identity: Identity | null): void;
  /** Forgets this visitor in every tab of the browser. */
  reset(): void;
  /** Takes the chat off the page and ends whatever is under way. */
  destroy(): void;
  /** Calls the listener for each event of that name. */
  on<Name extends keyof ChatEvents>(name: Name, listener: (event: CustomEvent<ChatEvents[Name]>) => void): void;
  /** How the chat stands now. */
  readonly state: ChatState;
}

/** How a chat stands. */
export interface ChatState {
  /** Whether the panel is open. */
  open: boolean;
  /** How many messages the visitor has not seen. */
  unread: number;
}

/** The events, which bubble from the element as `secondme-chat:<name>`, and the `detail` of each. */
export interface ChatEvents {
  /** The chat is there. */
  ready: null;
  /** The panel was opened. */
  open: null;
  /** The panel was closed. */
  close: null;
  /** A message of the visitor's has arrived; its text. */
  sent: string;
  /** A reply of the avatar's or the owner's is whole; its text. */
  reply: string;
  /** Something did not work. */
  error: Failure;
  /** The avatar's owner has joined in person. */
  takeover: null;
  /** How many messages the visitor has not seen has changed. */
  unread: number;
}

/** Why something did not work. */
export type Failure =
  | "unreachable"
  | "unknown"
  | "busy"
  | "unavailable"
  | "session-ended"
  | "login-required"
  | "misconfigured"
  | "rejected"
  | "exhausted";

/** Who is signed in on the page: the site's own id for the person, and a token of the site's or of SecondMe's. */
export type Identity =
  | { id: string; siteToken: Token; userToken?: undefined }
  | { id: string; userToken: Token; siteToken?: undefined };

/** A token, or a function that gives one or promises to; it is asked each time the chat connects. */
export type Token = string | (() => string | Promise<string>);

/** The element of a chat, which a page may place itself. */
export interface SecondMeChatElement extends HTMLElement, Chat {}

type ElementEvents = { [Name in keyof ChatEvents as `secondme-chat:${Name}`]: CustomEvent<ChatEvents[Name]> };

declare global {
  interface Window {
    /** Where a page with the script tag hands over what it wants of the chat, before or after it is there. */
    SecondMeChat?: { push(call: (chat: Chat) => void): unknown };
  }
  interface HTMLElementTagNameMap {
    "secondme-chat": SecondMeChatElement;
  }
  interface GlobalEventHandlersEventMap extends ElementEvents {}
}
