/** /wall/open#display_…: what stands behind the # reaches no server. It is taken out of the address, so that nobody reads
 * it off the screen, and sent once, in the body of the page's own form. */
import { tokenIn } from './fragment';

function send(): void {
  const form = document.querySelector<HTMLFormElement>('[data-token-form]');
  const box = form?.querySelector<HTMLInputElement>('[name="token"]');
  const token = tokenIn(location.hash);
  if (!form || !box || token === null) return;
  history.replaceState(null, '', location.pathname);
  box.type = 'password';
  box.value = token;
  form.submit();
}

// A new link opened while the page stands there only changes what is behind the #.
window.addEventListener('hashchange', send);
send();
