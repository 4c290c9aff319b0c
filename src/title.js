// The page's title, with the number of unread messages before it. Pages change their titles themselves: the newest one is
// theirs, and stands there untouched once nothing is unread. All chats of the page are counted together.

/** This space tells our number from one that the page itself shows. */
const MARK = /^\(\d+\)\u00a0/;
/** A page that insists on its title is not fought more often than this, in milliseconds. */
const PAUSE = 250;

const counts = new Map();
let timer;
const observer = new MutationObserver(() => (timer ??= setTimeout(write, PAUSE)));

function write() {
  timer = clearTimeout(timer);
  observer.disconnect();
  const unread = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const mark = unread ? `(${unread})\u00a0` : "";
  const title = document.head?.querySelector("title");
  if (title) {
    const marked = mark + title.textContent.replace(MARK, "");
    if (title.textContent !== marked) title.textContent = marked;
  }
  if (mark) observer.observe(document.head, { subtree: true, childList: true, characterData: true });
}

/** One chat's part in the number. */
export class TitleMark {
  show(count) {
    const had = counts.delete(this);
    if (count) counts.set(this, count);
    if (count || had) write();
  }
}
