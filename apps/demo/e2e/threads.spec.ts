import { expect, test, type Page } from '@playwright/test'

import { attachPicture, demo, expectAccessible, scrollsSideways } from './demo.ts'

const CAPITAL = 'What is the capital of France?'
const STORY = 'Tell me a long story about a fox and the sea.'

/** Asks a short question and waits for its answer. */
async function ask(page: Page, question = CAPITAL) {
  await demo(page).send(question)
  await demo(page).ended(/stop|length/)
}

test('a reload brings back the thread with its answers, its settings and what is typed @phone', async ({
  page,
}) => {
  const { open, message, thread, lastAnswer, ended, reload } = demo(page)
  await open()
  await page.getByRole('button', { name: 'Describe Bob, 30, as JSON' }).click()
  await ended()
  const answer = (await lastAnswer.locator('.candor-message-parts').textContent()) ?? ''
  await message.fill('half typed')
  await reload()
  await expect(thread.getByRole('article', { name: 'You' })).toContainText('Describe Bob')
  await expect(lastAnswer.locator('.candor-message-parts')).toHaveText(answer)
  await expect(page.getByRole('heading', { name: 'Describe Bob, 30, as JSON' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'JSON by schema' })).toHaveAttribute('aria-pressed', 'true')
  await expect(message).toHaveValue('half typed')
})

test('a kept answer still has its probabilities, and says that its request is not kept', async ({ page }) => {
  const { open, inspector, reload } = demo(page)
  await open()
  await ask(page)
  const figures = inspector.getByLabel('Figures of the answer')
  const before = (await figures.textContent()) ?? ''
  await reload()
  await expect(figures).toHaveText(before)
  await page.getByRole('tab', { name: 'Request' }).click()
  await expect(inspector).toContainText('came before the page was loaded')
})

test('an answer that a reload cut off comes back interrupted, and goes on from where it was @phone', async ({
  page,
}, info) => {
  const { open, send, lastAnswer, reload, ended } = demo(page)
  await open()
  await send(STORY)
  const text = lastAnswer.locator('.candor-message-parts')
  await expect(text).toHaveText(/(\w+\W+){12}/)
  await reload()
  await expect(lastAnswer).toContainText('Cut off by the reload.')
  await expect(lastAnswer).toContainText(/\d+ tokens are kept\./)
  await expect(lastAnswer.getByRole('button', { name: 'Retry' })).toBeVisible()
  const kept = (await text.textContent()) ?? ''
  expect(kept).toMatch(/\w+ \w+ \w+/)
  await expectAccessible(page, info, 'cut off by a reload')

  await lastAnswer.getByRole('button', { name: 'Continue' }).click()
  await expect(lastAnswer).not.toContainText('Cut off by the reload.')
  await expect.poll(async () => ((await text.textContent()) ?? '').length).toBeGreaterThan(kept.length)
  expect(await text.textContent()).toContain(kept)
  await page.keyboard.press('Escape')
  await ended(/stopped|stop|length/)
})

test('a deleted thread is gone, and undo brings it back with all that is in it', async ({ page }, info) => {
  const { open, threads, thread, lastAnswer, reload } = demo(page)
  await open()
  await ask(page)
  await threads.getByRole('button', { name: CAPITAL, exact: true }).hover()
  await threads.getByRole('button', { name: `More for “${CAPITAL}”` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(threads.getByRole('button', { name: CAPITAL, exact: true })).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'See what the model almost said' })).toBeVisible()
  await expect(threads.getByRole('status')).toContainText('Deleted')
  await expectAccessible(page, info, 'a thread was deleted')
  await threads.getByRole('button', { name: 'Undo' }).click()
  await expect(thread.getByRole('article', { name: 'You' })).toContainText(CAPITAL)
  await expect(lastAnswer).toContainText('Paris')

  await threads.getByRole('button', { name: CAPITAL, exact: true }).press('Delete')
  // Whoever has no pointer finds undo under the focus.
  await expect(threads.getByRole('button', { name: 'Undo' })).toBeFocused()
  await reload()
  await expect(threads.getByRole('button', { name: CAPITAL, exact: true })).toHaveCount(0)
})

test('a thread can be renamed, and goes back to its first words when its name is emptied', async ({
  page,
}) => {
  const { open, threads, reload } = demo(page)
  await open()
  await ask(page)
  await threads.getByRole('button', { name: CAPITAL, exact: true }).press('F2')
  const name = threads.getByRole('textbox', { name: 'Name of the thread' })
  await name.fill('Capitals')
  await name.press('Enter')
  await expect(threads.getByRole('button', { name: 'Capitals', exact: true })).toBeFocused()
  await reload()
  await expect(page.getByRole('heading', { name: 'Capitals' })).toBeVisible()
  await threads.getByRole('button', { name: 'Capitals', exact: true }).press('F2')
  await name.fill('another')
  await name.press('Escape')
  await expect(page.getByRole('heading', { name: 'Capitals' })).toBeVisible()
  await threads.getByRole('button', { name: 'Capitals', exact: true }).press('F2')
  await name.fill('')
  await name.press('Enter')
  await expect(page.getByRole('heading', { name: CAPITAL })).toBeVisible()
})

test('many threads can be searched by their names', async ({ page }, info) => {
  const { open, threads, reload } = demo(page)
  await open()
  const search = threads.getByRole('searchbox', { name: 'Search the threads' })
  await expect(search).toHaveCount(0)
  await page.evaluate(() => {
    for (let place = 0; place < 9; place++)
      localStorage.setItem(`candor-demo/draft/${place}`, place === 7 ? 'Boats of Oslo' : `Question ${place}`)
  })
  await reload()
  await search.fill('oslo')
  await expect(threads.getByRole('listitem')).toHaveCount(1)
  await expect(threads.getByRole('listitem')).toContainText('Boats of Oslo')
  await search.fill('nothing of the kind')
  await expect(threads).toContainText('No thread has “nothing of the kind” in its name.')
  await expectAccessible(page, info, 'a search without a finding')
  await search.press('Escape')
  await expect(threads.getByRole('listitem')).toHaveCount(10)
})

test('two tabs on one thread show the same conversation, and either can go on', async ({ page, context }) => {
  const { open } = demo(page)
  await open()
  await ask(page)
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(demo(other).lastAnswer).toContainText('Paris')

  await ask(other, 'What is the capital of Italy?')
  await expect(demo(page).answers).toHaveCount(2)
  await demo(page).ended(/stop|length/)
  const [there, here] = await Promise.all(
    [other, page].map((tab) => demo(tab).lastAnswer.locator('.candor-message-parts').textContent()),
  )
  expect(here).toBe(there)

  await ask(page, 'What is the opposite of hot?')
  await expect(demo(other).answers).toHaveCount(3)
  await demo(page).threads.getByRole('button', { name: CAPITAL, exact: true }).press('Delete')
  await expect(other.getByRole('heading', { name: 'See what the model almost said' })).toBeVisible()
  await demo(other).threads.getByRole('button', { name: 'Undo' }).click()
  await expect(demo(other).answers).toHaveCount(3)
})

test('the way back leads to the thread before', async ({ page }) => {
  const { open, thread } = demo(page)
  await open()
  await ask(page)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('heading', { name: 'See what the model almost said' })).toBeVisible()
  await page.goBack()
  await expect(thread.getByRole('article', { name: 'You' })).toContainText(CAPITAL)
})

test('a browser that keeps nothing says so, asks before a reload, and the chat works on', async ({
  page,
}, info) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
  })
  const { open, thread, lastAnswer, threads } = demo(page)
  await open()
  await expect(threads.getByRole('alert')).toContainText('Earlier threads cannot be read')
  await ask(page)
  await expect(lastAnswer).toContainText('Paris')
  await expect(thread).toContainText('could not be kept in this browser')
  await expect(threads.getByRole('button', { name: CAPITAL, exact: true })).toBeVisible()
  await expectAccessible(page, info, 'nothing is kept')
  const [question] = await Promise.all([
    page.waitForEvent('dialog'),
    page.evaluate(() => setTimeout(() => location.reload())),
  ])
  expect(question.type()).toBe('beforeunload')
  await question.dismiss()
  await expect(lastAnswer).toContainText('Paris')
})

test('threads are renamed and deleted in their drawer on a phone @phone-only', async ({ page }, info) => {
  const { open, message } = demo(page)
  await open()
  await ask(page)
  await page.getByRole('button', { name: 'Threads' }).click()
  const drawer = page.getByRole('dialog', { name: 'Threads' })
  await drawer.getByRole('button', { name: `More for “${CAPITAL}”` }).tap()
  await page.getByRole('menuitem', { name: 'Rename' }).tap()
  await drawer.getByRole('textbox', { name: 'Name of the thread' }).fill('Capitals')
  await drawer.getByRole('textbox', { name: 'Name of the thread' }).press('Enter')
  await drawer.getByRole('button', { name: 'More for “Capitals”' }).tap()
  await page.getByRole('menuitem', { name: 'Delete' }).tap()
  await expect(drawer.getByRole('status')).toContainText('Capitals')
  await attachPicture(page, info, 'deleted on a phone')
  await drawer.getByRole('button', { name: 'Undo' }).tap()
  await page.keyboard.press('Escape')
  await expect(message).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Capitals' })).toBeVisible()
  expect(await scrollsSideways(page)).toBe(false)
})
