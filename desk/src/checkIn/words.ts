/** The words of the check-in page. Who reads them may be old, ill, or reading for somebody else. */

export type Language = 'zh' | 'en';

const zh = {
  title: '健康打卡',
  other: 'English',
  loading: '正在打开…',
  half: { MORNING: '上午', EVENING: '下午' } as Record<string, string>,
  due: (half: string, until: string) => `请在 ${until} 前报${half}的体温`,
  dueOver: (half: string) => `${half}的时间已过，请马上补报`,
  person: (place: number) => `告知书上第 ${place} 人`,
  day: (day: number, days: number, last: string) => `第 ${day} 天，共 ${days} 天，${last} 24 点结束`,
  temperature: '体温',
  unwell: '有没有不舒服？没有就不用选',
  symptoms: {
    FEVER: '发热', COUGH: '咳嗽', FATIGUE: '乏力', BREATHLESSNESS: '气短', SORE_THROAT: '咽痛', MUSCLE_ACHE: '肌肉酸痛',
    DIARRHOEA: '腹泻', OTHER: '其他不适',
  } as Record<string, string>,
  send: '上报',
  sendAll: '全家一起报',
  sendAgain: '再报一次',
  sending: '正在发送…',
  reported: { WELL: '已报，无异常', SYMPTOMATIC: '已报，有不适', NOT_READ: '没有读到体温' } as Record<string, string>,
  notReported: '还没报',
  odd: '请输入体温，如 36.5',
  fever: '已到发热。报上后请留在家里，不要自己外出，等电话。',
  ENDED: '观察已结束，不用再报。',
  NOT_YET: '还没有登记到位，有不舒服也可以先报。',
  OFFLINE: '没有网络，还没有发出去。请不要关闭本页，连上网会自动发出。',
  BUSY: '服务器正忙，还没有发出去。请不要关闭本页，马上会自动重发。',
  noLink: '没有打卡链接。请重新扫告知书上的二维码。',
  unreachable: '连不上服务器，正在重试。',
  call: '有事打电话给社区',
  emergency: '情况紧急请拨',
  notices: '最新疫情动态',
  privacy: '本页不显示姓名和证件。报上来的体温和症状只给负责您这里的工作人员看。',
  levels: { PROVINCE: '省', CITY: '市', COUNTY: '区县', TOWNSHIP: '乡镇（街道）', VILLAGE: '村（社区）' } as Record<string, string>,
};

export type Words = typeof zh;

const en: Words = {
  title: 'Health check-in',
  other: '中文',
  loading: 'Opening…',
  half: { MORNING: 'morning', EVENING: 'afternoon' },
  due: (half, until) => `Please report this ${half}'s temperature by ${until}`,
  dueOver: (half) => `This ${half}'s time is over: please report now`,
  person: (place) => `Person ${place} on the slip`,
  day: (day, days, last) => `Day ${day} of ${days}, ends at 24:00 on ${last}`,
  temperature: 'Temperature',
  unwell: 'Unwell in any way? If not, choose nothing',
  symptoms: {
    FEVER: 'Fever', COUGH: 'Cough', FATIGUE: 'Fatigue', BREATHLESSNESS: 'Short of breath', SORE_THROAT: 'Sore throat',
    MUSCLE_ACHE: 'Muscle ache', DIARRHOEA: 'Diarrhoea', OTHER: 'Something else',
  },
  send: 'Report',
  sendAll: 'Report for all',
  sendAgain: 'Report again',
  sending: 'Sending…',
  reported: { WELL: 'reported, well', SYMPTOMATIC: 'reported, unwell', NOT_READ: 'no temperature read' },
  notReported: 'not reported',
  odd: 'Enter a temperature, such as 36.5',
  fever: 'This is fever. Report it, stay at home, do not go out by yourself: you are called.',
  ENDED: 'Observation is over: nothing more to report.',
  NOT_YET: 'Not registered as in place yet. If unwell, you can report already.',
  OFFLINE: 'No network: not sent yet. Keep this page open, it is sent by itself.',
  BUSY: 'The server is busy: not sent yet. Keep this page open, it is sent again by itself.',
  noLink: 'There is no check-in link here. Scan the code on the slip again.',
  unreachable: 'The server cannot be reached; trying again.',
  call: 'Call your community',
  emergency: 'In an emergency dial',
  notices: 'Latest notices',
  privacy: 'This page shows no names and no documents. Only those who look after your place see what you report.',
  levels: { PROVINCE: 'Province', CITY: 'City', COUNTY: 'County', TOWNSHIP: 'Township', VILLAGE: 'Village' },
};

export const WORDS: Record<Language, Words> = { zh, en };
