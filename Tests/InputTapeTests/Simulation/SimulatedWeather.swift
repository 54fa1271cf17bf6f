// SPDX-License-Identifier: Apache-2.0
//
// What may be wrong with a computer's disk for a while.

import InputTape
import InputTapeTestKit

/// A state of the disk.
enum SimulatedWeather: CaseIterable {
  case calm, full, quota, readOnly, writesFail, nothingIsCut, shortWrites, syncsFail, nothingSyncs
  case noNewFiles, foldersDoNotSync, namesUnknown, anythingFails, folderGone

  /// How calls fail in it.
  var chances: [FaultChance] {
    switch self {
    case .calm, .full, .folderGone: []
    case .quota: [FaultChance([.write], perMille: 400, effect: .error(EDQUOT))]
    case .readOnly:
      [
        FaultChance(
          [.create, .rename, .remove, .write, .truncate], perMille: 1_000, effect: .error(EROFS))
      ]
    case .writesFail: [FaultChance([.write], perMille: 250, effect: .error(EIO))]
    case .nothingIsCut:
      [
        FaultChance([.truncate], perMille: 700, effect: .error(EIO)),
        FaultChance([.write], perMille: 200, effect: .error(ENOSPC)),
        FaultChance([.write], perMille: 300, effect: .short(11)),
      ]
    case .shortWrites:
      [
        FaultChance([.write], perMille: 300, effect: .short(7)),
        FaultChance([.write], perMille: 300, effect: .short(90)),
        FaultChance([.write, .sync, .truncate], perMille: 200, effect: .error(EINTR)),
      ]
    case .syncsFail: [FaultChance([.sync], perMille: 400, effect: .error(EIO))]
    case .nothingSyncs: [FaultChance([.sync], perMille: 1_000, effect: .error(EIO))]
    case .noNewFiles:
      [
        FaultChance([.create], perMille: 600, effect: .error(ENOSPC)),
        FaultChance([.rename], perMille: 400, effect: .error(EIO)),
        FaultChance([.sync], perMille: 200, effect: .error(EIO)),
      ]
    case .foldersDoNotSync: [FaultChance([.syncFolder], perMille: 700, effect: .error(EIO))]
    case .namesUnknown: [FaultChance([.isLinked], perMille: 500, effect: .error(EIO))]
    case .anythingFails: [FaultChance(perMille: 60, effect: .error(EIO))]
    }
  }
}
