/** Two versions of the program on one phone: they never mix, and nobody loses a half-typed car. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
// Vue looks at the document when it is first loaded: before the test's own stands.
import 'vue';
import { openPage, type FakePage } from './page';

class FakeWorker extends EventTarget {
  state = 'installing';
  postMessage = vi.fn();
  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

class FakeRegistration extends EventTarget {
  active: FakeWorker | null = new FakeWorker();
  waiting: FakeWorker | null = null;
  installing: FakeWorker | null = null;
  update = vi.fn(async () => undefined);
}

let page: FakePage;
let registration: FakeRegistration;
let workers: EventTarget & { controller: object | null; register: () => Promise<FakeRegistration> };
let update: typeof import('../src/device/update');
let session: typeof import('../src/form/session');

beforeEach(async () => {
  page = openPage();
  registration = new FakeRegistration();
  workers = Object.assign(new EventTarget(), { controller: {}, register: async () => registration });
  vi.stubGlobal('navigator', { serviceWorker: workers });
  vi.resetModules();
  update = await import('../src/device/update');
  session = await import('../src/form/session');
  session.newCar();
});
afterEach(() => vi.unstubAllGlobals());

function found(): FakeWorker {
  const worker = new FakeWorker();
  registration.installing = worker;
  registration.dispatchEvent(new Event('updatefound'));
  registration.waiting = worker;
  worker.become('installed');
  return worker;
}

const otherProgram = () => workers.dispatchEvent(new Event('controllerchange'));

describe('a new version', () => {
  it('waits until the officer takes it, then the page starts with it', async () => {
    await update.keepProgramOffline();
    const worker = found();
    expect(update.updateReady.value).toBe(true);
    expect(worker.postMessage).not.toHaveBeenCalled();
    await update.takeUpdate();
    expect(worker.postMessage).toHaveBeenCalledWith({ type: 'SKIP_WAITING' });
    expect(page.reload).not.toHaveBeenCalled();
    otherProgram();
    expect(page.reload).toHaveBeenCalledOnce();
  });

  it('that waited already when the page opened is offered too', async () => {
    registration.waiting = new FakeWorker();
    await update.keepProgramOffline();
    expect(update.updateReady.value).toBe(true);
  });

  it('taken by another tab starts this page afresh while it is out of sight', async () => {
    await update.keepProgramOffline();
    page.hide();
    otherProgram();
    expect(page.reload).toHaveBeenCalledOnce();
  });

  it('taken by another tab waits for a half-typed car, and for the officer to look away', async () => {
    await update.keepProgramOffline();
    session.desk.car.plate = '辽C12345';
    page.hide();
    otherProgram();
    page.show();
    expect(page.reload).not.toHaveBeenCalled();
    session.newCar();
    expect(page.reload).not.toHaveBeenCalled();
    expect(update.updateReady.value).toBe(true);
    page.hide();
    expect(page.reload).toHaveBeenCalledOnce();
  });

  it('whose parts replaced this page’s is offered when a part is missed', async () => {
    await update.keepProgramOffline();
    page.fire('vite:preloadError');
    expect(update.updateReady.value).toBe(true);
  });
});

describe('the first version', () => {
  it('takes its place without a reload', async () => {
    workers.controller = null;
    registration.active = null;
    await update.keepProgramOffline();
    expect(update.offlineReady.value).toBe(false);
    const worker = new FakeWorker();
    registration.installing = worker;
    registration.dispatchEvent(new Event('updatefound'));
    worker.become('installed');
    worker.become('activated');
    otherProgram();
    expect(update.updateReady.value).toBe(false);
    expect(update.offlineReady.value).toBe(true);
    expect(page.reload).not.toHaveBeenCalled();
  });
});
