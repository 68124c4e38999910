/** Pieces of a page that the server renders again: what a search box finds, and what changes while one waits. */
const PAUSE_MS = 250;

export function keepPiecesFresh(): void {
  for (const box of Array.from(document.querySelectorAll<HTMLInputElement>('input[data-find]'))) findWhileTyping(box);
  for (const piece of Array.from(document.querySelectorAll<HTMLElement>('[data-ask]'))) askAgain(piece);
}

/** <input data-find="/address" data-into="id">: what the server answers to ?q=… stands in the element of that id. */
function findWhileTyping(box: HTMLInputElement): void {
  const into = document.getElementById(box.dataset.into ?? '');
  let pause: number | undefined;
  box.addEventListener('input', () => {
    window.clearTimeout(pause);
    pause = window.setTimeout(async () => {
      const asked = box.value;
      const { find = '', name = '', under = '' } = box.dataset;
      const found = await piece(`${find}?${new URLSearchParams({ name, under, q: asked }).toString()}`);
      if (into && found !== null && box.value === asked) into.innerHTML = found;
    }, PAUSE_MS);
  });
}

/** <div data-ask="/address" data-seconds-between="3">, until the answer carries data-final. */
function askAgain(target: HTMLElement): void {
  const timer = window.setInterval(
    async () => {
      const answer = await piece(target.dataset.ask ?? '');
      if (answer === null) return;
      target.innerHTML = answer;
      if (target.querySelector('[data-final]')) window.clearInterval(timer);
    },
    Number(target.dataset.secondsBetween ?? 3) * 1000,
  );
}

/** Null when there is no answer: what stands there stays. */
async function piece(address: string): Promise<string | null> {
  try {
    const response = await fetch(address, { headers: { Accept: 'text/html' } });
    return response.ok && !response.redirected ? await response.text() : null;
  } catch {
    return null;
  }
}
