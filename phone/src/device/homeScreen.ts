/** iPhones keep a page's storage for good, and open it without network, only from the home screen. */

interface AppleNavigator {
  standalone?: boolean;
}

export function isApplePhone(agent: string = navigator.userAgent, touchPoints: number = navigator.maxTouchPoints): boolean {
  // An iPad calls itself a Macintosh with a touch screen.
  return /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touchPoints > 1);
}

export function isOnHomeScreen(): boolean {
  return Boolean((navigator as AppleNavigator).standalone) || matchMedia('(display-mode: standalone)').matches;
}

/** Browsers inside other programs have no such entry. */
export function isInsideAnotherApp(agent: string = navigator.userAgent): boolean {
  return /MicroMessenger|DingTalk|QQ\//.test(agent);
}
