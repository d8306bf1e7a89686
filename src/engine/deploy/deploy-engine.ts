import type { EngineParts } from '../engine-parts.ts'
import { commandDeploy } from './recovery/command-deploy.ts'
import { listDeploys, listOpenDeploys, readDeploy } from './recovery/deploy-list.ts'
import type { DeployEngine } from './deploy.ts'
import { followDeploy } from './recovery/follow-deploy.ts'
import { planDeploy } from './plan/plan-deploy.ts'
import { planShift } from './plan/plan-shift.ts'
import { readTraffic } from './traffic/read-traffic.ts'
import { startDeploy } from './start-deploy.ts'
import { takeUpDeploy } from './recovery/take-up-deploy.ts'

/** The part of the engine that is about deploys and traffic. */
export function createDeployEngine(parts: EngineParts): DeployEngine {
  return {
    planDeploy: (request, signal) => planDeploy(parts, request, signal),
    planShift: (request, signal) => planShift(parts, request, signal),
    deploy: (plan) => startDeploy(parts, plan),
    resumeDeploy: (deploy, told, takeoverReason) => takeUpDeploy(parts, deploy, told, takeoverReason),
    followDeploy: (deploy) => followDeploy(parts, deploy),
    commandDeploy: (deploy, command, reason, seen, signal) =>
      commandDeploy(parts, deploy, { command, reason, seen }, signal),
    deploys: () => listDeploys(parts),
    openDeploys: () => listOpenDeploys(parts),
    readDeploy: (deploy) => readDeploy(parts.deploys, deploy),
    traffic: (signal) => readTraffic(parts, signal),
  }
}
