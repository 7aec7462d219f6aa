/** Without a network a module may never come, and an answer must not wait for words. */
const patienceMs = 2000

/** What is being loaded, or `undefined` where it cannot be, or not soon. */
export function loadSoon<Module>(loading: Promise<Module>): Promise<Module | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceMs)
    const settle = (module?: Module): void => {
      clearTimeout(timer)
      resolve(module)
    }
    loading.then(settle, () => settle())
  })
}
