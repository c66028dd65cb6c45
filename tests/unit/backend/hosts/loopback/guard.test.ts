import { describe, expect, test } from 'vitest'
import { bearerOf, refusalOf, refusedEmbedding } from '../../../../../backend/hosts/loopback/guard.ts'

const host = '127.0.0.1:4711'
const own = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }

describe('calls', () => {
  test('our own window may call', () => {
    expect(refusalOf('POST', own, host)).toBeNull()
    expect(refusalOf('GET', { host, 'sec-fetch-site': 'same-origin' }, host)).toBeNull()
  })
  test.each([
    ['another name for this machine', { ...own, host: 'localhost:4711' }],
    ['a name that was pointed here', { ...own, host: 'evil.test:4711' }],
    ['another port', { ...own, host: '127.0.0.1:4712' }],
    ['no host', { origin: own.origin, 'sec-fetch-site': 'same-origin' }],
    ['another origin', { ...own, origin: 'http://evil.test' }],
    ['the same address over https', { ...own, origin: `https://${host}` }],
    ['no page at all', { ...own, origin: 'null' }],
    ['no origin', { host, 'sec-fetch-site': 'same-origin' }],
    ['a page of another site', { ...own, 'sec-fetch-site': 'cross-site' }],
    ['a page of the same site', { ...own, 'sec-fetch-site': 'same-site' }],
    ['what a person typed', { ...own, 'sec-fetch-site': 'none' }],
    ['a program that says nothing', { host, origin: own.origin }],
  ])('refused: %s', (_, headers) => {
    expect(refusalOf('POST', headers, host)?.status).toBe(403)
  })
})

describe('the page', () => {
  test.each([
    ['typed', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
    ['by a link from elsewhere', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
    ['part of itself', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'script' }],
  ])('is given: %s', (_, headers) => {
    expect(refusedEmbedding(headers)).toBeNull()
  })
  test.each([
    ['as a frame', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['as a script', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
    ['as a picture of a neighbour', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ])('is refused: %s', (_, headers) => {
    expect(refusedEmbedding(headers)?.status).toBe(403)
  })
})

test('a token is read only from its header, and only when it looks like one', () => {
  expect(bearerOf({ authorization: `Bearer ${'a'.repeat(43)}` })).toBe('a'.repeat(43))
  for (const authorization of [
    undefined,
    '',
    'Bearer',
    'Bearer short',
    `bearer ${'a'.repeat(43)}`,
    `Basic ${'a'.repeat(43)}`,
    `Bearer ${'a'.repeat(43)}\u00E9`,
  ])
    expect(bearerOf(authorization === undefined ? {} : { authorization })).toBeNull()
})
