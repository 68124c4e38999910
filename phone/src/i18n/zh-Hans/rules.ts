/** Words of rules as data: their questions, their time, proposals to turn back, and where phone and server disagree. */
export const rules = {
  questions: {
    title: '防控问询',
    resident: '本地居民？',
    yes: '是',
    no: '否',
    next: '下一项',
    whole: '请填整数，不带小数，最大 1000000',
  },
  rules: {
    lapsed: '规则已停：照常登记、复测，发热和有症状的仍送发热门诊；不再要求隔离、通知网格、劝返',
    ended: '指挥部已停用规则：照常登记、复测，发热和有症状的仍送发热门诊；不再要求隔离、通知网格、劝返',
  },
  turnBack: {
    decided: '由负责人决定，并写明理由；不得自行劝返。',
    never: '有下列任何一条的人，一律不劝返：是本市居民；事由是 返乡、就医、急救；体温 ≥ 37.3 °C；有症状。',
  },
  disagree: {
    title: '与服务器判定不一致',
    mark: '不一致',
    bar: '{n} 辆车与服务器判定不一致，点此查看',
    empty: '没有待确认的不一致。',
    told: '当时告知',
    decided: '服务器判定',
    nothing: '登记放行，没有其他处置要求',
    person: '第 {n} 人',
    done: '知道了，已处理',
    act: {
      FEVER_CLINIC: '请叫回此人，安排去发热门诊；叫不回的，马上报告负责人。',
      TURN_BACK_PROPOSED: '请报告负责人，由负责人决定并写明理由；不得自行劝返。',
      QUARANTINE: '请叫回此人说明；已走远的，目的地的村（社区）会从到达人员名单看到。',
      NOTIFY_GRID: '请叫回此人说明；已走远的，目的地的村（社区）会从到达人员名单看到。',
      RE_MEASURE: '请叫回此人到室内复测；已走远的，报告负责人。',
      NO_LONGER: '原先的告知不再适用：请叫回或打电话告诉本人；村（社区）以服务器判定为准。',
      NONE: '处置要求没有变化，不用叫回。',
    },
  },
};
