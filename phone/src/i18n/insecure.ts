/** Both languages at once: whoever lands here has not chosen one. */
export const INSECURE_NOTICE = [
  {
    language: 'zh-Hans',
    title: '这个地址不能用来登记',
    why: '您打开的是 http 开头的地址（{host}），内容在网络上是明文，浏览器因此关闭了登记需要的功能。为了不让旅客的信息以明文传输，这里不开放登记。',
    withoutTitle: '在这个地址用不了',
    without: ['登记车辆和人员', '断网时打开程序和保存记录', '把程序安装到桌面', '加密存储'],
    stillTitle: '仍然可以',
    still: ['查看怎样信任本市的证书，改用 https 地址', '先用纸质登记簿登记'],
    start: '怎样改用 https 地址',
  },
  {
    language: 'en',
    title: 'This address cannot be used for registering',
    why: 'You opened an address that begins with http ({host}). What it carries can be read by others on the network, so the browser switches off what registering needs. No registration is taken here, so that travellers’ data never travels in clear text.',
    withoutTitle: 'Not possible at this address',
    without: ['registering vehicles and people', 'opening the program and keeping records without network', 'installing to the home screen', 'encryption'],
    stillTitle: 'Still possible',
    still: ['reading how to trust the city’s certificate and change to https', 'registering on paper for now'],
    start: 'How to change to https',
  },
] as const;
