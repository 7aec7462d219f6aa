import type { ChatMessage } from '@candor/core'

import type { AnswerView } from './ChatContext.ts'

/** What gets the focus in a message that takes the place of another. */
export type FocusHeir = 'message' | 'choices' | 'edit' | 'previous' | 'next'

/** What one version of a message leaves to the next: versions are elements of their own, and each begins anew. */
export interface ChatMemory {
  /** How the reader last chose to see an answer to this message. */
  viewBelow(parentId: string | null): AnswerView | undefined
  keepView(parentId: string | null, view: AnswerView): void
  /** Whether the reader folded the choices of a turn to the one that goes on, or unfolded them; `undefined` for neither. */
  foldOf(turnId: string | undefined): boolean | undefined
  keepFold(turnId: string | undefined, folded: boolean): void
  /** Says, before a message gives way to another version, what of that one gets the focus. */
  leaveFocus(message: ChatMessage, heir: FocusHeir): void
  /** Gives the focus to an heir in the same version. */
  focusHeir(heir: FocusHeir, article: HTMLElement | null): void
  /** Gives the focus to the heir in a version that has just come, unless the focus is elsewhere by now. */
  takeFocus(message: ChatMessage, article: HTMLElement | null): void
}

const heirs: Record<Exclude<FocusHeir, 'message'>, string> = {
  choices: '.candor-choices-toggle',
  edit: '.candor-action-bar > :last-child',
  previous: '.candor-branch-picker > :first-child',
  next: '.candor-branch-picker > :last-child',
}

export function createChatMemory(): ChatMemory {
  const views = new Map<string | null, AnswerView>()
  const folds = new Map<string | undefined, boolean>()
  let left: { message: ChatMessage; heir: FocusHeir } | undefined
  return {
    viewBelow: (parentId) => views.get(parentId),
    keepView(parentId, view) {
      views.set(parentId, view)
    },
    foldOf: (turnId) => folds.get(turnId),
    keepFold(turnId, folded) {
      folds.set(turnId, folded)
    },
    leaveFocus(message, heir) {
      left = { message, heir }
    },
    focusHeir,
    takeFocus(message, article) {
      if (left === undefined || article === null) return
      if (left.message.parentId !== message.parentId || left.message.id === message.id) return
      const { heir } = left
      left = undefined
      const { activeElement, body } = article.ownerDocument
      if (activeElement !== null && activeElement !== body) return
      focusHeir(heir, article)
    },
  }
}

function focusHeir(heir: FocusHeir, article: HTMLElement | null): void {
  const target = heir === 'message' ? null : (article?.querySelector<HTMLElement>(heirs[heir]) ?? null)
  if (target !== null) target.focus({ preventScroll: true })
  else if (article !== null) focusOnce(article)
}

/** Focus on what takes none by itself: only until it goes on, so that a press on the text does not bring it back. */
function focusOnce(element: HTMLElement): void {
  element.tabIndex = -1
  element.focus({ preventScroll: true })
  element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true })
}
