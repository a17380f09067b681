// SPDX-License-Identifier: Apache-2.0

public import Policy

/// A JSON Schema (draft 2020-12) of scenario files, made from the fields that the reader knows: for editors. It says less
/// than the reader, which also knows what values mean together.
public enum ScenarioSchema {
  public static var document: JSONValue {
    PolicySchema.document(
      title: "Swerve scenario",
      description: "A scenario of the simulator; docs/SIMULATOR.md says what the fields mean.",
      of: ScenarioObjectField.self)
  }
}
