// SPDX-License-Identifier: Apache-2.0

public import SwerveABI

/// A type whose bytes the kernel reads and writes as they are: a C struct without pointers, or a fixed-width integer.
public protocol KernelRecord {}

extension Int32: KernelRecord {}
extension UInt32: KernelRecord {}
extension UInt64: KernelRecord {}
extension swerve_frontend: KernelRecord {}
extension swerve_cell: KernelRecord {}
extension swerve_endpoint_state: KernelRecord {}
extension swerve_service_state: KernelRecord {}
extension swerve_service_info: KernelRecord {}
extension swerve_node: KernelRecord {}
