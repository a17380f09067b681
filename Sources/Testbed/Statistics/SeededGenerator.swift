// SPDX-License-Identifier: Apache-2.0

public import Simulator

/// What was drawn is drawn again from the same seed.
public typealias SeededGenerator = Simulator.Random
