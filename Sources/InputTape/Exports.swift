@_exported import InputTapeCore
