import { audioPart, filePart, imagePart, textPart, type ContentPart } from '@candor/core'

import type { ChatFiles } from './ChatHandle.ts'

/** Words and files as content parts: pictures as pictures, WAV and MP3 as sounds, all else as files. */
export async function filesToParts({ text = '', files }: ChatFiles): Promise<ContentPart[]> {
  const parts = await Promise.all(Array.from(files, toPart))
  return text === '' ? parts : [textPart(text), ...parts]
}

async function toPart(file: Blob): Promise<ContentPart> {
  try {
    if (file.type.startsWith('image/')) return await imagePart(file)
    if (/^audio\/(?:x-)?(?:wav|wave|mpeg|mp3)/.test(file.type)) return await audioPart(file)
    return await filePart(file)
  } catch (error) {
    const name = 'name' in file ? `"${String(file.name)}"` : 'A file'
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `${name} could not be read, so nothing was sent: ${reason} It may have been moved or changed; choose it again.`,
      { cause: error },
    )
  }
}
