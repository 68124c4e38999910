/** The line an identity-card reader types: number, name, sex, ethnic group, birth, address in any order. Pure. */
import type { DocumentType } from '../identity/documents';
import { isCalendarDate, readResidentId } from '../identity/residentId';

export interface PersonReading {
  name?: string;
  documentType: DocumentType;
  documentNumber: string;
  sex?: 'F' | 'M';
  /** 19900228, as it is typed into the form. */
  bornOn?: string;
  address?: string;
}

const ETHNIC_GROUPS = new Set(
  ('汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 ' +
    '达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺').split(' '),
);
const LABEL = /^(姓名|性别|民族|出生日期|出生|住址|地址|公民身份号码|身份证号码?|证件号码|签发机关|有效期限?|name|sex|id)\s*[:：]\s*/i;
const SEXES: Record<string, 'F' | 'M'> = { 男: 'M', 女: 'F', M: 'M', F: 'F', 男性: 'M', 女性: 'F' };
const OFFICE = /公安局|分局|出入境|派出所/;
const PLACE = /[省市县区乡镇村街路号组屯旗州盟弄栋室]/;
const CHINESE_NAME = /^[\p{Script=Han}·•]{2,20}$/u;
const LATIN_NAME = /^[A-Z][A-Z' -]{1,60}$/i;

/** Null unless one of the parts is an identity number that checks out. `on` is today, 2020-02-10. */
export function readIdLine(line: string, on: string): PersonReading | null {
  const parts = line.normalize('NFKC').split(/[,|;，；、\t\r\n]+/).map((part) => part.trim().replace(LABEL, '')).filter(Boolean);
  const numbers = parts.map((part) => readResidentId(part, on)).filter((reading) => reading.valid);
  const [number] = numbers;
  if (!number || new Set(numbers.map((one) => one.number)).size > 1) return null;
  const rest = parts.filter((part) => !readResidentId(part, on).valid && !OFFICE.test(part));
  return present({
    name: nameAmong(rest),
    documentType: typeOf(number.number),
    documentNumber: number.number,
    sex: rest.map((part) => SEXES[part.toUpperCase()]).find(Boolean),
    bornOn: rest.map(dayOf).find(Boolean),
    address: rest.find((part) => [...part].length >= 6 && PLACE.test(part) && /\p{Script=Han}{3}/u.test(part)),
  });
}

/** Permits of people from Hong Kong, Macao and Taiwan begin with 81 to 83, permanent residents' cards with 9. */
function typeOf(number: string): DocumentType {
  if (/^8[123]/.test(number)) return 'HMT_RESIDENCE';
  return number.startsWith('9') ? 'PERMANENT_RESIDENCE' : 'RESIDENT_ID';
}

/** What looks like a name; one that is an ethnic group too (高山) only where the group is told besides. */
function nameAmong(parts: string[]): string | undefined {
  const names = parts.map(joinLetters).filter(looksLikeName);
  const groups = parts.filter((part) => ETHNIC_GROUPS.has(part.replace(/族$/, '')));
  return names.find((name) => !ETHNIC_GROUPS.has(name)) ?? (groups.length > 1 ? names[0] : undefined);
}

/** Readers pad names of two characters: 王　五. */
function joinLetters(part: string): string {
  return /^[\p{Script=Han}\s]+$/u.test(part) ? part.replace(/\s/g, '') : part;
}

function looksLikeName(part: string): boolean {
  if (SEXES[part.toUpperCase()] || part.endsWith('族') || part === '长期') return false;
  return (CHINESE_NAME.test(part) && !([...part].length >= 6 && PLACE.test(part))) || LATIN_NAME.test(part);
}

function dayOf(part: string): string | undefined {
  const match = /^(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})日?$/.exec(part);
  if (!match || (/^\d+$/.test(part) && part.length !== 8)) return undefined;
  const [year, month, day] = [match[1]!, match[2]!.padStart(2, '0'), match[3]!.padStart(2, '0')];
  return isCalendarDate(`${year}-${month}-${day}`) ? year + month + day : undefined;
}

function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
