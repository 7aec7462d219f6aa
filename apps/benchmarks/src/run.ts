// Runs the scenarios of this folder, all contenders of one scenario interleaved in one process.
export {}
