/** Small things kept under a name, whichever page's database they lie in. */
import type { Table } from 'dexie';
import { plain } from './plain';

export interface Setting {
  key: string;
  value: unknown;
}

export class Kept {
  constructor(private readonly table: Table<Setting, string>) {}

  async read<T>(key: string): Promise<T | null> {
    const row = await this.table.get(key);
    return (row?.value as T | undefined) ?? null;
  }

  async write<T>(key: string, value: T): Promise<void> {
    await this.table.put({ key, value: plain(value) });
  }

  async drop(key: string): Promise<void> {
    await this.table.delete(key);
  }

  /** Change a setting by what it was, in one transaction: two tabs do not undo each other. */
  async change<T>(key: string, change: (was: T | null) => T): Promise<void> {
    await this.table.db.transaction('rw', this.table, async () => {
      await this.write(key, change(await this.read<T>(key)));
    });
  }
}
