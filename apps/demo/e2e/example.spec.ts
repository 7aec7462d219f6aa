import { expect, test } from '@playwright/test'

test('the README’s example is a working chat @phone', async ({ page }) => {
  // The example names a server that readers may have; here the same module talks to the embedded model instead.
  await page.route(/\/example\/main\.tsx/, async (route) => {
    const response = await route.fetch()
    const module = await response.text()
    expect(module).toContain('http://localhost:11434/v1')
    await route.fulfill({ response, body: module.replaceAll('http://localhost:11434/v1', '/candor/v1') })
  })
  // At the server's own temperature this small model goes astray once in eight times.
  await page.route('**/candor/v1/chat/completions', async (route) => {
    const body: object = route.request().postDataJSON()
    await route.continue({ postData: { ...body, temperature: 0 } })
  })
  await page.goto('/example/')
  await page.getByRole('textbox').fill('What is the capital of France?')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('log')).toContainText('Paris')
  await expect(page.getByRole('log')).toContainText('tokens')
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
})
