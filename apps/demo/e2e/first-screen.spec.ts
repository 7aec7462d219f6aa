import { expect, test } from '@playwright/test'

import { attachPicture, demo, expectAccessible, scrollsSideways } from './demo.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the first screen is accessible in ${colorScheme} @phone`, async ({ page }, info) => {
    await page.emulateMedia({ colorScheme })
    await demo(page).open()
    await expect(page).toHaveTitle('Candor')
    await expect(page.getByRole('heading', { name: 'See what the model almost said' })).toBeVisible()
    await expectAccessible(page, info, `first screen, ${colorScheme}`)
    expect(await scrollsSideways(page)).toBe(false)
  })
}

test('the sidebar says what the demo talks to, and that no key is needed', async ({ page }) => {
  await demo(page).open()
  const connection = page.getByRole('navigation', { name: 'Threads' }).getByRole('button').last()
  await expect(connection).toContainText('smollm2-135m-instruct')
  await expect(connection).toContainText('no key')
})

test('a chosen theme is kept over a reload', async ({ page }) => {
  await demo(page).open()
  await page.getByRole('button', { name: /^Theme: as the system/ }).click()
  await page.getByRole('button', { name: /^Theme: light/ }).click()
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  expect(await background()).toBe('rgb(17, 19, 24)')
  await page.reload()
  expect(await background()).toBe('rgb(17, 19, 24)')
})

test('Ctrl K starts a new thread, and the answer of the first goes on meanwhile', async ({ page }) => {
  const { open, send, lastAnswer, message, thread } = demo(page)
  await open()
  await send('Count from one to thirty.')
  await expect(lastAnswer).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('heading', { name: 'See what the model almost said' })).toBeVisible()
  await message.fill('half typed')

  const threads = page.getByRole('navigation', { name: 'Threads' })
  await threads.getByRole('button', { name: 'Count from one to thirty.', exact: true }).click()
  await expect(thread.getByLabel('Facts about this answer')).toContainText(/stop|length/)
  await threads.getByRole('button', { name: 'Draft half typed', exact: true }).click()
  await expect(message).toHaveValue('half typed')
})

test('typing right away goes into the composer, on load and in a new thread', async ({ page }) => {
  const { open, message } = demo(page)
  await open()
  await page.keyboard.type('first')
  await expect(message).toHaveValue('first')
  await page.getByRole('button', { name: 'New thread' }).first().click()
  await page.keyboard.type(' words')
  await expect(message).toHaveValue('first words')
  await page.getByRole('button', { name: 'Inspector' }).or(page.getByRole('tab').first()).click()
  await page.keyboard.press('Control+k')
  await page.keyboard.type(' more')
  await expect(message).toHaveValue('first words more')
})

test('threads and inspector are drawers on a phone @phone-only', async ({ page }, info) => {
  await demo(page).open()
  await page.getByRole('button', { name: 'Threads' }).click()
  const threads = page.getByRole('dialog', { name: 'Threads' })
  await expect(threads.getByRole('button', { name: /no key/ })).toBeVisible()
  await attachPicture(page, info, 'threads on a phone')
  await page.keyboard.press('Escape')
  await expect(threads).toBeHidden()
  await page.getByRole('button', { name: 'Inspector' }).click()
  await expect(page.getByRole('dialog', { name: 'Inspector' })).toBeVisible()
  await attachPicture(page, info, 'inspector on a phone')
})

test('nothing scrolls sideways at 320 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  const { open, send, ended, inspector } = demo(page)
  await open()
  expect(await scrollsSideways(page)).toBe(false)
  await page.getByRole('button', { name: 'Inspector' }).click()
  for (const control of [
    ...(await inspector.getByRole('tab').all()),
    inspector.getByRole('button').first(),
  ]) {
    await expect(control).toBeInViewport({ ratio: 1 })
  }
  await inspector.getByRole('tab', { name: 'Parameters' }).click()
  await inspector.getByRole('spinbutton', { name: 'max_tokens' }).fill('12')
  await inspector.getByRole('button', { name: 'Close the inspector' }).click()
  await send(
    'Write one very long word: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  )
  await ended(/stop|length/)
  expect(await scrollsSideways(page)).toBe(false)
})
