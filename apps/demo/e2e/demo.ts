import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Locator, type Page, type TestInfo } from '@playwright/test'

/** For what the model does: on a busy machine its tokens come one or two a second. */
const PATIENCE = 45_000

/** The demo as a reader meets it: the page, and what is done on it again and again. */
export function demo(page: Page) {
  const message = page.getByRole('textbox', { name: 'Message', exact: true })
  const thread = page.getByRole('log')
  const answers = thread.getByRole('article', { name: 'Answer' })

  return {
    message,
    thread,
    answers,
    lastAnswer: answers.last(),
    stop: page.getByRole('button', { name: 'Stop', exact: true }),
    threads: page.getByRole('navigation', { name: 'Threads' }),
    inspector: page.getByRole('complementary', { name: 'Inspector' }),

    /** Opens the page and waits until its model answers. */
    open: async () => {
      await page.goto('/')
      await expect(page.getByRole('button', { name: 'What is the tallest mountain on Earth?' })).toBeEnabled({
        timeout: PATIENCE,
      })
    },

    /** Loads the page anew, as a reader does. */
    reload: async () => {
      await page.reload()
      await expect(message).toBeVisible()
    },

    send: async (text: string) => {
      await message.fill(text)
      await message.press('Enter')
    },

    /** Waits for the facts under the last answer, which say how it ended. */
    ended: async (how: string | RegExp = 'stop') => {
      await expect(facts(answers.last())).toContainText(how, { timeout: PATIENCE })
    },

    openParameters: async () => {
      await page.getByRole('tab', { name: 'Parameters' }).click()
    },
  }
}

/** The line under an answer. */
export function facts(answer: Locator): Locator {
  return answer.getByLabel('Facts about this answer')
}

/** How the model of the demo's server stands. */
export async function modelStatus(page: Page): Promise<{ state: string; pid?: number }> {
  const response = await page.request.get('/candor/status')
  return (await response.json()) as { state: string; pid?: number }
}

/** Whether the page can be scrolled sideways, which no width may cause. */
export async function scrollsSideways(page: Page): Promise<boolean> {
  return await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
}

/** Fails with what axe found, and keeps a picture of what it looked at. */
export async function expectAccessible(page: Page, info: TestInfo, name: string): Promise<void> {
  await attachPicture(page, info, name)
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html).join('\n  ')}`,
  )
  expect(found).toEqual([])
}

export async function attachPicture(page: Page, info: TestInfo, name: string): Promise<void> {
  await info.attach(name, { body: await page.screenshot(), contentType: 'image/png' })
}
