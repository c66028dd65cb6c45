/** Structured clone to JSON and back, the same in Node and in the page. `encode` throws Electron's error where a value cannot be cloned. */
export function codecSource(): { encode(value: unknown): unknown; decode(encoded: unknown): unknown }
/** Run in the page by their source text, never called here. */
export function bridgeSource(name: string, side: 'main' | 'iso'): unknown
export function preloadRuntime(codec: unknown, bridge: unknown, send: unknown, info: unknown): unknown
export function openSource(name: string, side: 'main' | 'iso', send: unknown): unknown
