import { describe, expect, test } from 'vitest'

import { audioPart, filePart, imagePart, textPart, toolMessage } from './contentParts.ts'
import { messageParts, messageText, partBlob, toolMessageValue } from './readMessage.ts'

const bytes = Uint8Array.from({ length: 60_000 }, (_, index) => (index * 31) % 256)

describe('a content part is made of', () => {
  test('words', () => {
    expect(textPart('Hello')).toEqual({ type: 'text', text: 'Hello' })
    expect(textPart('Hello', { cacheBreakpoint: { mode: 'explicit', ttl: '30m' } })).toEqual({
      type: 'text',
      text: 'Hello',
      prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' },
    })
  })

  test('the address of a picture', () => {
    expect(imagePart(new URL('https://example.org/a.png'), { detail: 'low' })).toEqual({
      type: 'image_url',
      image_url: { url: 'https://example.org/a.png', detail: 'low' },
    })
  })

  test('a picture, a sound and a file, whose bytes can be read back', async () => {
    const picture = await imagePart(new Blob([bytes], { type: 'image/png' }))
    const sound = await audioPart(new Blob([bytes], { type: 'audio/mpeg' }))
    const document = await filePart(new File([bytes], 'a.pdf', { type: 'application/pdf' }))
    expect(picture.image_url.url).toMatch(/^data:image\/png;base64,/)
    expect(sound.input_audio).toMatchObject({ format: 'mp3' })
    expect(document.file).toMatchObject({ filename: 'a.pdf' })
    for (const part of [picture, sound, document]) {
      const blob = partBlob(part)
      expect(new Uint8Array((await blob?.arrayBuffer()) ?? [])).toEqual(bytes)
    }
    expect(partBlob(picture)?.type).toBe('image/png')
    expect(partBlob(sound)?.type).toBe('audio/mpeg')
  })

  test('the id of an uploaded file, whose bytes lie elsewhere', () => {
    const part = filePart({ fileId: 'file-1' }, { filename: 'a.pdf' })
    expect(part).toEqual({ type: 'file', file: { file_id: 'file-1', filename: 'a.pdf' } })
    expect(partBlob(part)).toBeNull()
    expect(partBlob(imagePart('https://example.org/a.png'))).toBeNull()
  })

  test('every name that WAV and MP3 have, and no other sound', async () => {
    expect((await audioPart(new Blob([], { type: 'audio/x-wav' }))).input_audio.format).toBe('wav')
    expect((await audioPart(new Blob([], { type: 'audio/mpeg; codecs=mp3' }))).input_audio.format).toBe('mp3')
    await expect(audioPart(new File([], 'a.ogg', { type: 'audio/ogg' }))).rejects.toThrow(
      /audio\/ogg \(a\.ogg\).*WAV and MP3/,
    )
  })

  test('no picture of something else', () => {
    expect(() => imagePart(new Blob([], { type: 'text/html' }))).toThrow(/text\/html/)
    expect(() => imagePart(new Blob([]))).toThrow(/unknown type/)
  })
})

describe('a message is read', () => {
  test('as text, of whatever form its content has', () => {
    expect(messageText({ content: 'Hello' })).toBe('Hello')
    expect(messageText({ content: [textPart('a'), imagePart('https://a'), textPart('b')] })).toBe('ab')
    expect(messageText({ content: null })).toBe('')
    expect(messageText({})).toBe('')
  })

  test('as parts', () => {
    expect(messageParts({ content: 'Hello' })).toEqual([textPart('Hello')])
    expect(messageParts({ content: [imagePart('https://a')] })).toEqual([imagePart('https://a')])
    expect(messageParts({ content: '' })).toEqual([])
  })
})

describe('the answer to a tool call', () => {
  test.each([[{ temperature: 18 }], [[1, 2]], [18], [false], [null]])(
    'carries %o and gives it back',
    (value) => {
      expect(toolMessageValue(toolMessage('a', value))).toEqual(value)
    },
  )

  test('carries text and text parts as they are', () => {
    expect(toolMessage('a', 'sunny')).toEqual({ role: 'tool', tool_call_id: 'a', content: 'sunny' })
    expect(toolMessage('a', [textPart('sunny')]).content).toEqual([textPart('sunny')])
    expect(toolMessageValue(toolMessage('a', 'sunny'))).toBe('sunny')
  })

  test('of a tool that gives nothing is not empty', () => {
    expect(toolMessage('a', undefined).content).toBe('Done.')
  })

  test('cannot carry what JSON cannot say', () => {
    expect(() => toolMessage('a', 1n)).toThrow(TypeError)
  })
})
