/** The requests the phone makes, by name. */
import { call, type Reply } from './client';
import type { RosterAnswer, SealedDeclaration } from './declared';
import type { DivisionsAnswer, Parcel, ParcelAnswer } from './contract';
import type { DeviceAnswer, EnrolmentAnswer } from './device';
import type { DeviceState } from './device';
import type { Rules } from '../screening/rules';

/** With the token this phone had before, even an expired one, it stays the same device. */
export function enrol(code: string, deviceName: string, previousToken?: string): Promise<Reply<EnrolmentAnswer>> {
  const body = { code, ...(deviceName && { device_name: deviceName }), ...(previousToken && { previous_token: previousToken }) };
  return call('/api/v1/enrolments', { method: 'POST', body });
}

export function readDevice(token: string): Promise<Reply<DeviceAnswer>> {
  return call('/api/v1/device', { token, timeoutMs: 8_000 });
}

/** How this phone is; answered like `readDevice`. */
export function putDeviceState(token: string, state: DeviceState): Promise<Reply<DeviceAnswer>> {
  return call('/api/v1/device/state', { method: 'PUT', token, body: state, timeoutMs: 8_000 });
}

export function postParcel(token: string, parcel: Parcel): Promise<Reply<ParcelAnswer>> {
  return call('/api/v1/parcels', { method: 'POST', token, body: parcel, timeoutMs: 30_000 });
}

/** The country's counties and the home cities' townships; with `under`, the villages of one township. */
export function readDivisions(token: string, under?: string): Promise<Reply<DivisionsAnswer>> {
  const query = under ? `?under=${encodeURIComponent(under)}` : '';
  return call(`/api/v1/divisions${query}`, { token, timeoutMs: 30_000 });
}

/** The rules in force. Nobody's data: no token. */
export function readRules(): Promise<Reply<Rules>> {
  return call('/api/v1/rules', { timeoutMs: 8_000 });
}

/** The declaration with these six digits at this phone's checkpoint. */
export function readDeclaration(token: string, shortCode: string): Promise<Reply<SealedDeclaration>> {
  return call(`/api/v1/device/declarations/${encodeURIComponent(shortCode)}`, { token, timeoutMs: 8_000 });
}

/** What a coach's passengers have declared so far. */
export function readRoster(token: string, code: string): Promise<Reply<RosterAnswer>> {
  return call(`/api/v1/device/rosters/${encodeURIComponent(code)}`, { token, timeoutMs: 8_000 });
}
