/** The register of divisions, kept on a phone after the first load, whichever page's it is; the villages of a township when they are asked for. */
import { ref, shallowRef } from 'vue';
import type { Reply } from '../api/client';
import type { Division, DivisionsAnswer } from '../api/contract';
import type { StoredDivisions } from '../storage/database';
import { Tree } from './tree';

const WHOLE_COUNTRY = 'ALL';
const FRESH_MS = 24 * 3_600_000;

export interface RegisterPorts {
  stored: (key: string) => Promise<StoredDivisions | undefined>;
  keep: (answer: StoredDivisions) => Promise<unknown>;
  /** Null when nobody may be asked. */
  ask: (under?: string) => Promise<Reply<DivisionsAnswer> | null>;
}

export class Register {
  readonly tree = shallowRef<Tree>(new Tree([]));
  readonly edition = ref('');
  private readonly known = new Map<string, Division>();
  private readonly askedTownships = new Set<string>();

  constructor(private readonly ports: RegisterPorts) {}

  /** Show what is stored, then ask again once a day. Call it when the first screen already stands. */
  async load(): Promise<void> {
    const stored = await this.ports.stored(WHOLE_COUNTRY);
    if (stored) this.add(stored);
    if (!stored || Date.now() - stored.fetchedAt > FRESH_MS) await this.fetchInto(WHOLE_COUNTRY);
  }

  /** The villages under a township: from the phone if it has them, else from the server; without network the township will do. */
  async loadVillages(township: string): Promise<void> {
    if (this.askedTownships.has(township)) return;
    const stored = await this.ports.stored(township);
    if (stored) this.add(stored);
    if (stored || (await this.fetchInto(township))) this.askedTownships.add(township);
  }

  private async fetchInto(key: string): Promise<boolean> {
    const reply = await this.ports.ask(key === WHOLE_COUNTRY ? undefined : key);
    if (reply?.kind !== 'OK' || !Array.isArray(reply.body.divisions)) return false;
    const divisions = reply.body.divisions.map(({ code, name, parent }) => ({ code, name, parent: parent || null }));
    const answer: StoredDivisions = { key, edition: reply.body.edition, fetchedAt: Date.now(), divisions };
    await this.ports.keep(answer);
    this.add(answer);
    return true;
  }

  private add(answer: StoredDivisions): void {
    for (const division of answer.divisions) this.known.set(division.code, division);
    if (answer.key === WHOLE_COUNTRY) this.edition.value = answer.edition;
    this.tree.value = new Tree([...this.known.values()]);
  }
}
