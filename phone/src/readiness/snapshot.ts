/** Asking the phone about itself; what a browser does not tell is null. */
import { enrolment } from '../device/enrolment';
import { facts } from '../device/facts';
import { updateReady } from '../device/update';
import { counts } from '../outbox/counts';
import { edition, tree } from '../regions/register';
import { keptRules, rulesAreOver, rulesInForce } from '../screening/rules';
import { database } from '../storage/database';
import { cameraState } from './camera';
import type { Snapshot } from './checks';

interface Battery {
  level: number;
  charging: boolean;
}

export async function takeSnapshot(now: number): Promise<Snapshot> {
  const [program, keys, camera, storage, battery] = await Promise.all([programThere(), readingKeys(), cameraState(), storageLeft(), charge()]);
  return {
    now,
    program: { ...program, updateWaits: updateReady.value },
    rules: {
      kept: keptRules.value?.rules ?? null,
      understood: rulesInForce() !== null,
      confirmedAt: keptRules.value?.confirmedAt ?? null,
      named: facts.ruleSet,
      lapsed: rulesAreOver.value,
    },
    register: { places: tree.value.size, edition: edition.value },
    readingKeys: keys,
    camera,
    clockOffsetMs: facts.clockOffsetMs,
    storage,
    battery,
    enrolledUntil: enrolment.value ? Date.parse(enrolment.value.expiresAt) : null,
    outbox: { unsent: counts.UNSENT, setAside: counts.SET_ASIDE },
  };
}

/** A worker becomes active only when everything was fetched; whether it is still there is counted. */
async function programThere(): Promise<{ active: boolean; files: number }> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const names = (await globalThis.caches?.keys()) ?? [];
  const files = await Promise.all(names.filter((name) => name.includes('precache')).map(async (name) => (await (await caches.open(name)).keys()).length));
  return { active: Boolean(registration?.active), files: files.reduce((sum, n) => sum + n, 0) };
}

/** The days of the keys, without touching the keys. */
function readingKeys(): Promise<string[]> {
  return database.readingKeys.toCollection().primaryKeys();
}

async function storageLeft(): Promise<Snapshot['storage']> {
  const estimate = await navigator.storage?.estimate?.();
  const freeMb = estimate?.quota === undefined ? null : Math.floor((estimate.quota - (estimate.usage ?? 0)) / 1_000_000);
  return { freeMb, persisted: (await navigator.storage?.persisted?.()) ?? null };
}

async function charge(): Promise<Snapshot['battery']> {
  const { getBattery } = navigator as { getBattery?: () => Promise<Battery> };
  const battery = await getBattery?.call(navigator);
  return battery ? { percent: Math.round(battery.level * 100), charging: battery.charging } : null;
}
