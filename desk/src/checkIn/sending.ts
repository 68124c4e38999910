/** What was reported and not yet acknowledged. It lives in this page's memory alone, and is sent again until it is taken. */
import { pauseAfter } from '../../../phone/src/outbox/backoff';
import type { Notice, Receipt, Report, Said } from './contract';

export type Trouble = 'OFFLINE' | 'BUSY' | null;

export interface Answered {
  receipts: Receipt[];
  notices: Notice[];
}

export interface Ports {
  post: (reports: Report[]) => Promise<{ status: number; body: unknown }>;
  later: (run: () => void, ms: number) => void;
  random: () => number;
  /** Something changed: receipts came, or there is trouble. */
  told: () => void;
  /** What came of a report was known already: the page knows of which half-day. */
  stood: () => void;
}

const AT_MOST = 60;

export class Sending {
  waiting: Report[] = [];
  trouble: Trouble = null;
  /** Why this link is good no more; nothing is sent again then. */
  refused: Said | null = null;
  notices: Notice[] | null = null;
  private readonly receipts = new Map<number, Receipt>();
  private failures = 0;
  private busy = false;

  constructor(private readonly ports: Ports) {}

  /** The last receipt of whoever stands at this place. */
  receiptOf(place: number): Receipt | undefined {
    return this.receipts.get(place);
  }

  /** The page was asked for anew: it knows the newest notices, and in another half-day all that was said of the last one is over. */
  asked(isAnotherHalf: boolean): void {
    this.notices = null;
    if (isAnotherHalf) this.receipts.clear();
  }

  isWaiting(place: number): boolean {
    return this.waiting.some((one) => one.place === place);
  }

  report(reports: Report[]): void {
    this.waiting.push(...reports);
    void this.send();
  }

  async send(): Promise<void> {
    if (this.busy || this.refused || this.waiting.length === 0) return;
    this.busy = true;
    this.ports.told();
    try {
      await this.sendOnce(this.waiting.slice(0, AT_MOST));
    } catch {
      this.again('OFFLINE');
    } finally {
      this.busy = false;
      this.ports.told();
    }
    if (this.trouble === null) void this.send();
  }

  private async sendOnce(sent: Report[]): Promise<void> {
    const { status, body } = await this.ports.post(sent);
    if (status === 200) this.taken(sent, body as Answered);
    else if (status === 429 || status >= 500 || status === 408) this.again('BUSY');
    else this.refuse(body);
  }

  private taken(sent: Report[], answer: Answered): void {
    this.failures = 0;
    this.trouble = null;
    this.notices = answer.notices;
    sent.forEach((report, n) => {
      const receipt = answer.receipts[n];
      if (receipt) this.receipts.set(report.place, receipt);
    });
    this.waiting = this.waiting.filter((one) => !sent.includes(one));
    if (answer.receipts.some((one) => one.status === 'DUPLICATE' || one.status === 'CONFLICT')) this.ports.stood();
  }

  private again(trouble: Trouble): void {
    this.trouble = trouble;
    this.failures += 1;
    this.ports.later(() => void this.send(), pauseAfter(this.failures, this.ports.random()));
  }

  private refuse(body: unknown): void {
    this.refused = saidIn(body);
  }
}

const UNSAID: Said = {
  zh: '这个链接现在用不了，请打电话给社区。',
  en: 'This link cannot be used now: please call your community.',
};

/** The sentence of a refusal. */
export function saidIn(body: unknown): Said {
  const error = (body as { error?: Partial<Said> } | null)?.error;
  return error?.zh && error.en ? { zh: error.zh, en: error.en } : UNSAID;
}
