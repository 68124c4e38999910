/** What survives a reload: this tab's own storage, gone with the tab. A browser that has none loses a reload, nothing else. */
const checkpoint = (): string => location.pathname.split('/').pop() ?? '';

export function keep(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(`declare ${checkpoint()} ${name}`, JSON.stringify(value));
  } catch {
    // a private window without storage
  }
}

export function kept<T>(name: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(`declare ${checkpoint()} ${name}`) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

export function forgetAll(): void {
  try {
    sessionStorage.clear();
  } catch {
    // nothing was kept
  }
}
