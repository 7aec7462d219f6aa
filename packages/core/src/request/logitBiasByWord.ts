import { joinPath } from './checkStrictSchema.ts'
import type { RequestIssue } from './RequestIssue.ts'
import type { Tokenizer } from './Tokenizer.ts'

/** How words are found among tokens. */
export interface LogitBiasByWordOptions {
  /**
   * Most vocabularies have a word twice: at the beginning of a text and after a blank. `both` biases both,
   * `as-written` only what stands there.
   *
   * @default 'both'
   */
  blanks?: 'both' | 'as-written'
}

/** A bias for the request, and where it reaches further than the words. */
export interface WordBias {
  /** For the request's `logit_bias`. */
  logit_bias: { [tokenId: string]: number }
  /** Words that are several tokens, and tokens that several words want differently. */
  warnings: RequestIssue[]
}

/**
 * `logit_bias` by word: −100 bans, 100 forces. A word that is several tokens biases each of them wherever it stands,
 * also within other words, and says so in a warning.
 *
 * ```ts
 * import { encode, decode } from 'gpt-tokenizer'
 * const { logit_bias } = logitBiasByWord({ London: -100 }, { encode, decode })
 * ```
 */
export function logitBiasByWord(
  words: { readonly [word: string]: number },
  tokenizer: Tokenizer,
  options: LogitBiasByWordOptions = {},
): WordBias {
  const logit_bias: { [tokenId: string]: number } = {}
  const warnings: RequestIssue[] = []
  const owners = new Map<number, string>()
  for (const [word, bias] of Object.entries(words)) {
    const forms = options.blanks === 'as-written' || /^\s/.test(word) ? [word] : [word, ` ${word}`]
    for (const form of forms) {
      const tokens = Array.from(tokenizer.encode(form))
      if (tokens.length > 1) warnings.push(severalTokens(word, form, tokens, tokenizer))
      for (const token of tokens) {
        const owner = owners.get(token)
        if (owner !== undefined && logit_bias[token] !== bias) {
          warnings.push({
            path: joinPath('logit_bias', String(token)),
            code: 'token-wanted-twice',
            level: 'warning',
            problem: `${JSON.stringify(owner)} and ${JSON.stringify(word)} share this token and want it differently.`,
            hint: 'The later one counts: leave out one of the words.',
          })
        }
        owners.set(token, word)
        logit_bias[token] = bias
      }
    }
  }
  return { logit_bias, warnings }
}

function severalTokens(word: string, form: string, tokens: number[], tokenizer: Tokenizer): RequestIssue {
  const pieces = tokens.map((token) =>
    tokenizer.decode ? JSON.stringify(tokenizer.decode([token])) : String(token),
  )
  return {
    path: joinPath('logit_bias', word),
    code: 'several-tokens',
    level: 'warning',
    problem: `${JSON.stringify(form)} is ${tokens.length} tokens (${pieces.join(', ')}), each of which stands in other words too.`,
    hint: 'Choose a word that is one token, or expect that other words change as well.',
  }
}
