// A visitor's conversation through SecondMe's published SDK, with an Avatar Hub at the address it is given. It prints what
// the SDK made of it as one line of JSON. Bundled by esbuild, because the SDK is written for bundlers.

import { MIND_MODE, SENDER_TYPE, SocketChannelType, SocketSessionManager, WS_MIND_TYPE, WS_MSG_DATA_TYPE } from '@mindverse/accessor-open'

const [base, apiKey, visitorId, question] = process.argv.slice(2)

// What the SDK takes from a browser beyond Node's own fetch and WebSocket.
globalThis.window = new EventTarget()
globalThis.CloseEvent ??= class CloseEvent extends Event {
  constructor(type, { code = 0, reason = '' } = {}) {
    super(type)
    Object.assign(this, { code, reason })
  }
}

async function post(path, headers, body) {
  const answer = await fetch(base + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const { code, data, message } = await answer.json()
  if (code !== 0) throw new Error(`${path}: ${message}`)
  return data
}

// The SDK is older than the Avatar Hub and does not know these two steps.
const identity = await post('/rest/open/avatar/auth', { Authorization: `Bearer ${apiKey}` }, { visitorId })
const headers = { token: identity.visitorToken, Fp: visitorId }
const avatar = await post('/rest/os/avatar/chat/init', headers, { shareCode: identity.avatarShareCode })

const manager = new SocketSessionManager({
  showDebug: false,
  config: {
    baseURL: base,
    requestHeader: headers,
    refUserId: identity.visitorUserId,
    socketURLConfig: { socketPath: '/rest/general/ws/create', channel: [SocketChannelType.all] },
    sessionURLConfig: {
      openPath: '/rest/general/session/create',
      sendMsgPath: '/rest/general/message/send',
      fetchMsgPath: '/rest/general/message/query',
    },
  },
})

let frames = []
const complete = Promise.withResolvers?.() ?? withResolvers()
setTimeout(() => complete.reject(new Error('The reply did not come to its end.')), 60_000)
const session = await manager.createSession({
  // The digits as a string: as a number they would not survive.
  mindId: identity.visitorMindId,
  mindType: WS_MIND_TYPE.shadow,
  mode: MIND_MODE.PERSONAL,
  openNewSession: true,
  extParams: { sessionType: 'SHARE', memberUserIds: [identity.ownerUserId] },
  callback: {
    onMsgUpdateListener: (messages) => {
      frames = messages.filter((message) => message.sender === SENDER_TYPE.umm)
      if (frames.some((frame) => frame.index === -1)) complete.resolve()
    },
    onErrorListener: (error) => complete.reject(new Error(JSON.stringify(error))),
  },
})
await manager.startReceiveMsg(session.sessionId)
await manager.sendMessage({
  sessionId: session.sessionId,
  msg: {
    dataType: WS_MSG_DATA_TYPE.text,
    data: { content: question },
    // What the Avatar Hub asks for beyond what the SDK sends by itself.
    mindId: avatar.mindId,
    userId: identity.visitorUserId,
    sendUserId: identity.visitorUserId,
  },
})
await complete.promise

const reply = frames.flatMap((frame) => frame.multipleData).map((entry) => entry.modal.answer ?? '').join('')
const messageIds = new Set(frames.map((frame) => frame.messageId))
console.log(JSON.stringify({ session, reply, frames: frames.length, messages: messageIds.size }))
// The SDK would open another socket for the one it closes.
process.exit(0)

function withResolvers() {
  const parts = {}
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }))
  return parts
}
