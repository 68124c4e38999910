import { describe, expect, it } from 'vitest';
import { classify } from '../src/scanner/kinds';
import { readIdLine } from '../src/scanner/idLine';

const ON = '2020-02-10';
const NUMBER = '210381199002280013';
const PERSON = { documentType: 'RESIDENT_ID', documentNumber: NUMBER };
const FULL = { ...PERSON, name: '测试甲', sex: 'M', bornOn: '19900228', address: '辽宁省海城市西柳镇测试村1号' };

describe('the line of a card reader', () => {
  it.each([
    [`测试甲,男,汉,19900228,辽宁省海城市西柳镇测试村1号,${NUMBER}`],
    [`${NUMBER}|测试甲|男|汉族|1990-02-28|辽宁省海城市西柳镇测试村1号|海城市公安局|20100101-20300101`],
    [`姓名：测试甲\n性别：男\n民族：汉\n出生：1990年2月28日\n住址：辽宁省海城市西柳镇测试村1号\n公民身份号码：${NUMBER}\n`],
    [`测试甲\tM\t汉\t1990.02.28\t辽宁省海城市西柳镇测试村1号\t${NUMBER}\t\t长期`],
    [`辽宁省海城市西柳镇测试村1号;${NUMBER};汉;男;19900228;测试甲`],
  ])('is read in any order: %s', (line) => expect(readIdLine(line, ON)).toEqual(FULL));

  it.each([
    [`测 试,${NUMBER}`, '测试'],
    [`测　试,男,满,${NUMBER}`, '测试'],
    [`高山,男,高山,${NUMBER}`, '高山'],
    [`高山,男,汉,${NUMBER}`, '高山'],
    [`阿卜杜拉·买买提,男,维吾尔,${NUMBER}`, '阿卜杜拉·买买提'],
    [`WANG CESHI,M,${NUMBER}`, 'WANG CESHI'],
    [`男,维吾尔,${NUMBER}`, undefined],
  ])('knows the name in %s', (line, name) => expect(readIdLine(line, ON)?.name).toBe(name));

  it('knows the document by its number', () => {
    expect(readIdLine('810000199408230021', ON)?.documentType).toBe('HMT_RESIDENCE');
    expect(readIdLine(NUMBER, ON)).toEqual(PERSON);
    expect(readIdLine('21038119900228001３', ON)).toEqual(PERSON);
  });

  it.each(['', '测试甲,男', '210381199002280014', '111111111111111111', `${NUMBER},810000199408230021`, '6901234567892'])(
    'is none without one number that checks out: %s',
    (line) => expect(readIdLine(line, ON)).toBeNull(),
  );
});

describe('a text that was read', () => {
  it.each([
    ['LF1:ABC D\r\n', { kind: 'DECLARATION', text: 'LF1:ABC D' }],
    ['LF1/1/3/00FF:AB \n', { kind: 'DECLARATION', text: 'LF1/1/3/00FF:AB ' }],
    ['https://lianfang.lan:8443/phone/#enrol=ABCD-EFGH', { kind: 'ENROLMENT', code: 'ABCD-EFGH' }],
    ['https://lianfang.lan/d/HC-B-03#r=4F7K', { kind: 'ROSTER', code: '4F7K' }],
    ['483920\n', { kind: 'SHORT_CODE', code: '483920' }],
    ['４８３ ９２０', { kind: 'SHORT_CODE', code: '483920' }],
    ['辽c·12345', { kind: 'PLATE', plate: '辽C12345' }],
    [NUMBER, { kind: 'PERSON', person: PERSON }],
    ['https://example.org/', { kind: 'UNKNOWN' }],
    ['6901234567892', { kind: 'UNKNOWN' }],
    ['https://lianfang.lan/d/HC-B-03', { kind: 'UNKNOWN' }],
    ['https://lianfang.lan/phone/#enrol=%E0%A4%A', { kind: 'ENROLMENT', code: '%E0%A4%A' }],
    ['', { kind: 'UNKNOWN' }],
  ])('%s is told apart', (text, reading) => expect(classify(text, ON)).toEqual(reading));
});
