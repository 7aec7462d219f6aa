import type { Settings } from './settings.ts'

/** A way to begin that the embedded model does well. */
export interface Prompt {
  text: string
  /** What there is to see in it, in a few words. */
  shows?: string
  /** What is switched on for the thread that begins with it. */
  settings: Partial<Settings>
}

// Each was asked at temperature 0, and at 0.2 and 0.7 with the seeds 1, 2 and 3. Above 0.2 this model wanders: what is
// said here of 0.2 holds for 0 too.

/** Four ways to begin, for the first screen: doubt, a tool, choices, JSON. */
export const PROMPTS: readonly Prompt[] = [
  // "Mount Everest, also known as K2": right, then wrong, and the wrong words are those that it wavered at.
  { text: 'What is the tallest mountain on Earth?', shows: 'where it wavers', settings: {} },
  // get_weather {"city":"Paris","unit":"celsius"} in 7 of 7; then "The weather in Paris is light rain", with the 18
  // degrees or without, in 4 of 4; at 0.7 once about a mountain.
  { text: 'What is the weather in Paris?', shows: 'calls a tool', settings: { tools: true } },
  // Three slogans that differ from their first word on: "Bakers Unite: A New Frontier", "The Baked Bite: A Fresh Delight".
  // Now and then one goes round in circles, which so short a limit ends.
  {
    text: 'Write a slogan for a bakery.',
    shows: 'three choices at once',
    settings: { figures: { n: 3, max_tokens: 48 } },
  },
  // name Bob and age 30 in 7 of 7; the city, which nobody told, is New York each time.
  { text: 'Describe Bob, 30, as JSON', shows: 'by a schema', settings: { format: 'json_schema' } },
]

/** More of what this model does well, or does in a way worth looking at. */
export const MORE_PROMPTS: readonly Prompt[] = [
  // "The capital of France is Paris." in 4 of 4, and in 2 of 3 at 0.7, where the third is "Paris, France's capital city."
  { text: 'What is the capital of France?', settings: {} },
  // roll_dice {"sides":6} in 6 of 7; then "The tool failed, and the dice fell off the table." in 4 of 4.
  { text: 'Roll a die with 6 sides.', settings: { tools: true } },
  // "Jupiter" in 3 of 4, with "Neptune" close behind it; once "Neptune, but it's actually Uranus": look at the tokens.
  { text: 'What is the largest planet in our solar system?', settings: {} },
  // split, reverse, join in a fenced block, with an explanation, in 4 of 4; wrong code at 0.7.
  { text: 'Write a JavaScript function that reverses a string.', settings: {} },
  // A numbered list of three sound tips in 4 of 4; longer and vaguer at 0.7.
  { text: 'Give me three tips for sleeping well.', settings: {} },
  // One right sentence in 4 of 4 (it was asked for two); at 0.7 one or two.
  { text: 'Explain photosynthesis in two sentences.', settings: {} },
  // "The opposite of hot is cold." in 4 of 4; at 0.7 once "cool".
  { text: 'What is the opposite of hot?', settings: {} },
]
