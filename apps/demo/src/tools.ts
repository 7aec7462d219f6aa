import { defineTool, type ToolProgress } from '@candor/core'
import { z } from 'zod'

interface Weather {
  celsius: number
  sky: string
}

/** Always the same weather, so that an answer can be compared with the last one. */
const WEATHER: ReadonlyMap<string, Weather> = new Map([
  ['berlin', { celsius: 14, sky: 'clouds' }],
  ['cairo', { celsius: 31, sky: 'sun' }],
  ['lima', { celsius: 19, sky: 'fog' }],
  ['london', { celsius: 12, sky: 'drizzle' }],
  ['new york', { celsius: 16, sky: 'wind' }],
  ['oslo', { celsius: 3, sky: 'snow' }],
  ['paris', { celsius: 18, sky: 'light rain' }],
  ['rome', { celsius: 24, sky: 'sun' }],
  ['sydney', { celsius: 22, sky: 'sun' }],
  ['tokyo', { celsius: 20, sky: 'clouds' }],
])

const STATIONS = 3
const STATION_MS = 150

const getWeather = defineTool({
  name: 'get_weather',
  description: 'Get the current weather of a city',
  parameters: z.object({
    city: z.string(),
    unit: z.enum(['celsius', 'fahrenheit']),
  }),
  async execute({ city, unit }, { signal, onProgress }) {
    await askStations(signal, onProgress)
    const weather = WEATHER.get(city.trim().toLowerCase())
    if (weather === undefined) {
      throw new Error(
        `There is no weather for ${city}. It is known for Paris, Oslo and ${WEATHER.size - 2} more.`,
      )
    }
    const temperature = unit === 'fahrenheit' ? Math.round(weather.celsius * 1.8 + 32) : weather.celsius
    return { temperature, sky: weather.sky }
  },
})

/** Fails every time: so that one can see what a failing tool looks like, and that the conversation goes on. */
const rollDice = defineTool({
  name: 'roll_dice',
  description: 'Roll dice and get the number',
  parameters: z.object({ sides: z.int().min(2).max(100) }),
  execute(): number {
    throw new Error('the dice fell off the table')
  },
})

/** Two harmless tools: one that works, one that fails. They run in the page and ask nobody. */
export const TOOLS = [getWeather, rollDice] as const

/** Takes a moment, station by station, as a real one would; rejects when the turn is stopped. */
async function askStations(signal: AbortSignal, onProgress: (progress: ToolProgress) => void): Promise<void> {
  for (let asked = 0; asked < STATIONS; asked++) {
    onProgress({ fraction: asked / STATIONS, text: `${asked} of ${STATIONS} stations` })
    await new Promise((resolve) => {
      setTimeout(resolve, STATION_MS)
    })
    signal.throwIfAborted()
  }
}
