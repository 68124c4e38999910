/** An officer's PIN on this phone: chosen here, kept as a slow digest, good until the phone is enrolled anew. */
import { readEnrolment } from '../device/enrolment';
import { readSetting, writeSetting } from '../storage/settings';

export const SHORTEST_PIN = 4;
export const LONGEST_PIN = 6;

interface KeptPin {
  salt: number[];
  iterations: number;
  digest: string;
  /** The enrolment it was chosen under: a code from the desk makes every PIN of the phone forgotten. */
  enrolment: string;
}

const KEY = 'pins';
const ITERATIONS = 210_000;

/** By officer's number. */
type Pins = Record<string, KeptPin>;

export async function hasPin(officer: string): Promise<boolean> {
  return (await keptPin(officer)) !== null;
}

export async function choosePin(officer: string, pin: string): Promise<void> {
  const salt = [...crypto.getRandomValues(new Uint8Array(16))];
  const kept = { salt, iterations: ITERATIONS, digest: await slowDigest(pin, salt, ITERATIONS), enrolment: await thisEnrolment() };
  const others = Object.entries((await readSetting<Pins>(KEY)) ?? {}).filter(([, { enrolment }]) => enrolment === kept.enrolment);
  await writeSetting<Pins>(KEY, { ...Object.fromEntries(others), [officer]: kept });
}

export async function isPin(officer: string, pin: string): Promise<boolean> {
  const kept = await keptPin(officer);
  return kept !== null && (await slowDigest(pin, kept.salt, kept.iterations)) === kept.digest;
}

async function keptPin(officer: string): Promise<KeptPin | null> {
  const pins = (await readSetting<Pins>(KEY)) ?? {};
  const kept = Object.hasOwn(pins, officer) ? pins[officer]! : null;
  return kept?.enrolment === (await thisEnrolment()) ? kept : null;
}

/** The token's digest: it tells enrolments apart and says nothing of the token. */
async function thisEnrolment(): Promise<string> {
  const token = (await readEnrolment())?.token ?? '';
  return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)));
}

async function slowDigest(pin: string, salt: number[], iterations: number): Promise<string> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
  return hex(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: Uint8Array.from(salt), iterations }, key, 256));
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
