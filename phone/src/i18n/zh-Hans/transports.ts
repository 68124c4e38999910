/** Kinds of transport, the same for officers and travellers. */
export const transports = {
  CAR: '小客车',
  TRUCK: '货车',
  COACH: '客运大巴',
  BUS: '公交车',
  TAXI: '出租车',
  MOTORCYCLE: '摩托车',
  TRAIN: '火车',
  FOOT: '步行',
  OTHER_VEHICLE: '其他车辆',
  OTHER: '其他',
};
