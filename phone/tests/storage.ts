/** A real IndexedDB in memory, empty before each test. */
import 'fake-indexeddb/auto';
import { beforeEach } from 'vitest';
import { database } from '../src/storage/database';

beforeEach(async () => {
  await Promise.all(database.tables.map((table) => table.clear()));
});
