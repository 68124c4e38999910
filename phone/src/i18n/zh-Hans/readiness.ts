/** Words of the page that is green before a shift. */
export const readiness = {
  readiness: {
    title: '上岗前检查',
    verdict: {
      GOOD: '都好了，可以断网上岗',
      MIND: '可以上岗，有 {n} 项请留意',
      BAD: '还有 {n} 项要处理',
    },
    go: '去登记',
    states: { GOOD: '好', MIND: '留意', BAD: '要处理' },
    names: {
      program: '程序',
      rules: '规则',
      register: '地名册',
      readingKeys: '旅客码钥匙',
      scanner: '扫码',
      clock: '时钟',
      storage: '存储',
      battery: '电量',
      enrolment: '登记有效期',
      outbox: '待发',
    },
    says: {
      program: {
        THERE: '{n} 个文件都在本机，断网也能打开',
        MISSING: '还没有存到本机。请保持联网，把本页留在屏幕上片刻。',
        UPDATE: '新版本已下载好，换上再上岗',
      },
      rules: {
        NOW: '现行规则 {hash}，刚核对过',
        THERE: '现行规则 {hash}，{hours} 小时前核对过',
        OLD: '规则 {hash} 是 {hours} 小时前的，请联网更新',
        OVER: '规则已停：照常登记、复测，发热和有症状的仍送发热门诊；等指挥部的新规则',
        MISSING: '没有规则，断网时给不出措施。请联网更新。',
        NEWER: '规则比程序新，断网时给不出措施。请联网，等程序更新。',
      },
      register: { THERE: '{edition} 版，{n} 条', MISSING: '还没有下载，断网时只能写代码。请联网更新。' },
      readingKeys: {
        THERE: '今天和明天的都在，断网也能读旅客码',
        TODAY: '只有今天的，零点后读不了旅客码。请联网更新。',
        MISSING: '没有，断网时读不了旅客码，可以手工登记。请联网更新。',
      },
      scanner: {
        THERE: '摄像头可以用',
        ASKS: '还没有允许用摄像头，请现在试一次',
        DENIED: '摄像头被禁止。请在浏览器的网站设置里允许，或手工登记。',
        NONE: '这部手机没有可用的摄像头，请手工登记',
      },
      clock: {
        RIGHT: '与服务器相差不到 2 分钟',
        AHEAD: '快了 {minutes} 分钟，请在系统设置里打开自动对时',
        BEHIND: '慢了 {minutes} 分钟，请在系统设置里打开自动对时',
        UNKNOWN: '还没有与服务器核对过，请联网一次',
      },
      storage: {
        THERE: '还有 {mb} MB，系统不会自行清理',
        KEPT: '系统不会自行清理',
        LOOSE: '还有 {mb} MB，但系统可能清理。请保护，或把网页装到桌面。',
        FULL: '只剩 {mb} MB，存不下一个班次。请先清理照片和视频。',
      },
      battery: { THERE: '{percent}%', CHARGING: '{percent}%，正在充电', LOW: '{percent}%，撑不到下班，请充电或带上充电宝' },
      enrolment: {
        THERE: '还有 {days} 天',
        SOON: '还有 {hours} 小时，请向指挥部要新的登记码',
        OVER: '已经到期，请向指挥部要新的登记码。未发的记录会保留。',
      },
      outbox: { EMPTY: '没有未发的记录', WAITING: '{n} 条未发，联网后自动发送', SET_ASIDE: '{n} 条被搁置，请到待发清单处理' },
    },
    acts: { TAKE_UPDATE: '换上新版本', REFRESH: '现在更新', TRY_CAMERA: '试一次摄像头', PERSIST: '请求保护', ENROL: '输入登记码', SEND: '立即发送' },
  },
};
