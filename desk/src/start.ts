/** Whether this phone trusts the site. Without trust a browser gives no offline storage and no camera. */
type Standing = 'secure' | 'untrusted' | 'insecure';

const CHECK = '/start/check.js';

/** A page behind a clicked-away warning calls itself secure, but a service worker is refused there: so one is tried. */
async function standing(): Promise<Standing> {
  if (!window.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator)) return 'untrusted';
  try {
    const worker = await navigator.serviceWorker.register(CHECK);
    await worker.unregister();
    return 'secure';
  } catch {
    return 'untrusted';
  }
}

function show(found: Standing): void {
  for (const part of Array.from(document.querySelectorAll<HTMLElement>('[data-when]'))) {
    part.hidden = !part.dataset.when?.split(' ').includes(found);
  }
  document.body.dataset.standing = found;
}

/** The steps of this phone's system stand open, the other's stay folded. */
function openSteps(): void {
  const apple = /iPhone|iPad|Macintosh/.test(navigator.userAgent);
  document.querySelector(apple ? '#steps-ios' : '#steps-android')?.setAttribute('open', '');
}

function aimAtSecureAddress(): void {
  const link = document.querySelector<HTMLAnchorElement>('[data-secure-address]');
  if (link) link.href = `https://${location.hostname}:${link.dataset.secureAddress}${location.pathname}`;
}

openSteps();
aimAtSecureAddress();
void standing().then(show);
export {};
