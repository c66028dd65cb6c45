/* global atob, btoa, Blob, CustomEvent, document, location, structuredClone, window -- the page's own */
// Functions here are stringified and evaluated in the page. They close over nothing.

/** Structured clone <-> tagged JSON, for both Node and the page. */
export function codecSource() {
  const CLONE_ERROR = 'An object could not be cloned.'
  const b64 = (u8) => {
    let s = ''
    for (let i = 0; i < u8.length; i += 0x8000) s += String.fromCharCode.apply(null, u8.subarray(i, i + 0x8000))
    return btoa(s)
  }
  const unb64 = (s) => {
    const b = atob(s)
    const u = new Uint8Array(b.length)
    for (let i = 0; i < b.length; i++) u[i] = b.charCodeAt(i)
    return u
  }
  function encode(root) {
    let v
    try {
      v = structuredClone(root)
    } catch {
      throw new Error(CLONE_ERROR)
    }
    const seen = new Map()
    const enc = (x) => {
      switch (typeof x) {
        case 'string':
        case 'boolean':
          return x
        case 'number':
          return Number.isFinite(x) && !Object.is(x, -0) ? x : { t: 'n', v: Object.is(x, -0) ? '-0' : String(x) }
        case 'undefined':
          return { t: 'u' }
        case 'bigint':
          return { t: 'b', v: String(x) }
      }
      if (x === null) return null
      if (seen.has(x)) return { t: 'r', i: seen.get(x) }
      const i = seen.size
      seen.set(x, i)
      if (Array.isArray(x)) return { t: 'a', v: Array.from(x, enc) }
      if (x instanceof Date) return { t: 'd', v: x.getTime() }
      if (x instanceof RegExp) return { t: 'x', v: [x.source, x.flags] }
      if (x instanceof Map) return { t: 'm', v: [...x].map(([k, w]) => [enc(k), enc(w)]) }
      if (x instanceof Set) return { t: 's', v: [...x].map(enc) }
      if (x instanceof ArrayBuffer) return { t: 'ab', v: b64(new Uint8Array(x)) }
      if (ArrayBuffer.isView(x)) {
        const c = x.constructor.name === 'Buffer' ? 'Uint8Array' : x.constructor.name
        return { t: 'v', c, v: b64(new Uint8Array(x.buffer, x.byteOffset, x.byteLength)) }
      }
      if (x instanceof Error) return { t: 'e', n: x.name, m: x.message, s: x.stack }
      if (typeof Blob !== 'undefined' && x instanceof Blob) throw new Error(CLONE_ERROR)
      return { t: 'o', v: Object.keys(x).map((k) => [k, enc(x[k])]) }
    }
    return enc(v)
  }
  function decode(e) {
    const refs = []
    const dec = (x) => {
      if (x === null || typeof x !== 'object') return x
      const add = (o) => {
        refs.push(o)
        return o
      }
      switch (x.t) {
        case 'n':
          return Number(x.v)
        case 'u':
          return undefined
        case 'b':
          return BigInt(x.v)
        case 'r':
          return refs[x.i]
        case 'a': {
          const a = add([])
          for (const y of x.v) a.push(dec(y))
          return a
        }
        case 'd':
          return add(new Date(x.v))
        case 'x':
          return add(new RegExp(x.v[0], x.v[1]))
        case 'm': {
          const m = add(new Map())
          for (const [k, w] of x.v) m.set(dec(k), dec(w))
          return m
        }
        case 's': {
          const s = add(new Set())
          for (const w of x.v) s.add(dec(w))
          return s
        }
        case 'ab':
          return add(unb64(x.v).buffer)
        case 'v': {
          const u = unb64(x.v)
          const C = globalThis[x.c]
          return add(x.c === 'DataView' ? new DataView(u.buffer) : new C(u.buffer))
        }
        case 'e': {
          const er = new Error(x.m)
          er.name = x.n
          er.stack = x.s
          return add(er)
        }
        case 'o': {
          const o = add({})
          for (const [k, w] of x.v) o[k] = dec(w)
          return o
        }
      }
      throw new Error('codec: ' + JSON.stringify(x))
    }
    return dec(e)
  }
  return { encode, decode }
}

/** contextBridge transport: the same code in both worlds; DOM events cross worlds synchronously and clone their detail. */
export function bridgeSource(name, side) {
  const other = side === 'main' ? 'iso' : 'main'
  const fns = new Map()
  const promises = new Map()
  const rets = new Map()
  const proxies = new WeakMap()
  const ids = new WeakMap()
  let next = 1
  const post = (msg) => {
    const e = new CustomEvent(name + other, { detail: msg })
    document.dispatchEvent(e)
  }
  const cloneError = () => new Error('An object could not be cloned.')
  const holdsProxy = (v) => {
    try {
      structuredClone(v)
      return false
    } catch (e) {
      return /(#<(?!Promise)\w+>|\[object \w+\]) could not be cloned/.test(e.message)
    }
  }
  function wrap(v, self, depth = 0, cache = new Map()) {
    if (depth > 1000)
      throw new TypeError('Electron contextBridge recursion depth exceeded.  Nested objects deeper than 1000 are not supported.')
    if (v === null || (typeof v !== 'object' && typeof v !== 'function')) {
      if (typeof v === 'symbol') throw cloneError()
      return ['v', v]
    }
    if (typeof v === 'function') {
      if (proxies.has(v)) return ['back', proxies.get(v)]
      let id = ids.get(v)
      if (!id) {
        id = next++
        ids.set(v, id)
        fns.set(id, [v, self])
      }
      return ['f', id]
    }
    if (v instanceof Promise) {
      const id = next++
      v.then(
        (r) => post({ op: 'settle', id, ok: true, value: safeWrap(r) }),
        (r) => post({ op: 'settle', id, ok: false, value: safeWrap(r) }),
      )
      return ['p', id]
    }
    if (v instanceof Error) return ['e', String(v.message)]
    if (holdsProxy(v)) throw cloneError()
    if (Array.isArray(v)) return ['a', v.map((x) => wrap(x, v, depth + 1, cache))]
    const tag = Object.prototype.toString.call(v)
    if (tag === '[object Object]') {
      const o = {}
      for (const k of Object.keys(v)) o[k] = wrap(v[k], v, depth + 1, cache)
      return ['o', o]
    }
    try {
      return ['v', structuredClone(v)]
    } catch {
      throw cloneError()
    }
  }
  const safeWrap = (v) => {
    try {
      return wrap(v)
    } catch (e) {
      return ['e', e.message]
    }
  }
  function unwrap(d) {
    switch (d[0]) {
      case 'v':
        return d[1]
      case 'e':
        return new Error(d[1])
      case 'a':
        return d[1].map(unwrap)
      case 'o': {
        const o = {}
        for (const k of Object.keys(d[1])) o[k] = unwrap(d[1][k])
        return o
      }
      case 'p':
        return new Promise((res, rej) => promises.set(d[1], [res, rej]))
      case 'back':
        return fns.get(d[1])[0]
      case 'f': {
        const id = d[1]
        const f = (...args) => {
          const call = next++
          post({ op: 'call', id, call, args: args.map((a) => wrap(a)) })
          const r = rets.get(call)
          rets.delete(call)
          if (!r) throw new Error('contextBridge: no answer')
          if (!r.ok) throw new Error(r.error)
          return unwrap(r.value)
        }
        proxies.set(f, id)
        return f
      }
    }
  }
  document.addEventListener(name + side, (e) => {
    const m = e.detail
    if (m === null) return
    if (m.op === 'expose') {
      const freeze = (o) => {
        if (o && typeof o === 'object' && !ArrayBuffer.isView(o)) {
          for (const k of Object.keys(o)) freeze(o[k])
          Object.freeze(o)
        } else if (typeof o === 'function') Object.freeze(o)
        return o
      }
      if (Object.prototype.hasOwnProperty.call(globalThis, m.key)) {
        post({ op: 'ret', call: m.call, ok: false, error: `Cannot bind an API on top of an existing property on the window object` })
        return
      }
      Object.defineProperty(globalThis, m.key, { value: freeze(unwrap(m.value)), enumerable: true, configurable: false, writable: false })
      post({ op: 'ret', call: m.call, ok: true, value: ['v', undefined] })
    } else if (m.op === 'call') {
      let out
      try {
        const [f, self] = fns.get(m.id)
        const r = f.apply(self, m.args.map(unwrap))
        out = { ok: true, value: wrap(r) }
      } catch (err) {
        out = { ok: false, error: err && err.message !== undefined ? String(err.message) : String(err) }
      }
      post({ op: 'ret', call: m.call, ...out })
    } else if (m.op === 'ret') rets.set(m.call, m)
    else if (m.op === 'settle') {
      const p = promises.get(m.id)
      promises.delete(m.id)
      p?.[m.ok ? 0 : 1](unwrap(m.value))
    }
  })
  return {
    expose(key, api) {
      const call = next++
      post({ op: 'expose', key, call, value: wrap(api) })
      const r = rets.get(call)
      rets.delete(call)
      if (!r) throw new Error('contextBridge: main world did not answer')
      if (!r.ok) throw new Error(r.error)
    },
  }
}

/**
 * Windows that the page would open are refused before Chromium opens any, as in Electron: `window.open` gives null, a link to a new
 * window does nothing, and the app is asked (side `iso` tells it), whose answer can only be to deny.
 */
export function openSource(name, side, send) {
  const tell = (url) => document.dispatchEvent(new CustomEvent(name + 'open', { detail: String(new URL(url, location.href)) }))
  if (side === 'main') {
    window.open = (url = 'about:blank') => {
      tell(url)
      return null
    }
    return
  }
  document.addEventListener(name + 'open', ({ detail }) => send(JSON.stringify({ k: 'open', url: detail })))
  document.addEventListener('click', (event) => {
    const link = event.target instanceof window.Element ? event.target.closest('a[target]') : null
    if (link === null || ['', '_self', '_parent', '_top'].includes(link.target)) return
    event.preventDefault()
    tell(link.href)
  })
}

/** Runs in the isolated world, before the preload: the sandboxed preload's `require('electron')`. */
export function preloadRuntime(codec, bridge, send, info) {
  const listeners = new Map()
  const pending = new Map()
  let seq = 1
  const list = (c) => {
    let l = listeners.get(c)
    if (!l) listeners.set(c, (l = []))
    return l
  }
  const ipcRenderer = {
    on(c, f) {
      list(c).push({ f })
      return ipcRenderer
    },
    once(c, f) {
      list(c).push({ f, once: true })
      return ipcRenderer
    },
    removeListener(c, f) {
      const l = list(c)
      const i = l.findLastIndex((x) => x.f === f)
      if (i >= 0) l.splice(i, 1)
      return ipcRenderer
    },
    removeAllListeners(c) {
      if (c === undefined) listeners.clear()
      else listeners.delete(c)
      return ipcRenderer
    },
    listenerCount: (c) => list(c).length,
    send(c, ...a) {
      send(JSON.stringify({ k: 'send', c, a: codec.encode(a) }))
    },
    invoke(c, ...a) {
      let e
      try {
        e = codec.encode(a)
      } catch (err) {
        return Promise.reject(err)
      }
      const id = seq++
      return new Promise((res, rej) => {
        pending.set(id, [res, rej])
        send(JSON.stringify({ k: 'invoke', id, c, a: e }))
      })
    },
  }
  ipcRenderer.addListener = ipcRenderer.on
  ipcRenderer.off = ipcRenderer.removeListener
  const recv = (json) => {
    const m = JSON.parse(json)
    if (m.k === 'reply') {
      const p = pending.get(m.id)
      pending.delete(m.id)
      if (m.error !== undefined) p[1](new Error(m.error))
      else p[0](codec.decode(m.v))
    } else if (m.k === 'send') {
      for (const x of [...list(m.c)]) {
        if (x.once) {
          const l = list(m.c)
          l.splice(l.indexOf(x), 1)
        }
        x.f({ sender: ipcRenderer, ports: [], senderId: 0 }, ...codec.decode(m.a))
      }
    }
  }
  const contextBridge = { exposeInMainWorld: (k, api) => bridge.expose(k, api) }
  const electron = {
    contextBridge,
    ipcRenderer,
    webFrame: { setZoomFactor() {}, getZoomFactor: () => 1 },
    webUtils: { getPathForFile: (f) => f.path ?? '' },
  }
  const process = { ...info.process, type: 'renderer', sandboxed: true, contextIsolated: true }
  const require = (id) => {
    if (id === 'electron' || id === 'electron/renderer' || id === 'electron/common') return electron
    throw new Error(`module not found: ${id}`)
  }
  return { require, process, recv }
}
