import type { Answer, Approver, Question } from '../../approval/ask.ts'
import type { Invocation } from '../command.ts'

/**
 * Answers the engine's questions at a terminal. Without one it takes the default and says so.
 */
export function createCliApprover({ ports, output, options, interruption }: Invocation): Approver {
  const canAsk = ports.stdin.isTerminal && ports.stderr.isTerminal && !options.isSet('yes')
  return {
    async ask(question, signal): Promise<Answer> {
      const text = questionText(question)
      if (!canAsk || interruption.hungUp.aborted) {
        const fallback = question.default === '' ? 'nothing' : `"${question.default}"`
        output.note(`${text} There is no terminal, so the answer is ${fallback}.`)
        return question.default
      }
      ports.stderr.write(`${text} `)
      const line = await ports.stdin.readLine(AbortSignal.any([signal, interruption.hungUp]))
      return acceptAnswer(question, line?.trim() ?? '')
    },
  }
}

function questionText(question: Question): string {
  if (question.id === 'one-time-password') return `One-time password for ${question.registry}:`
  return `${question.failed.join(', ')} failed. What now: ${question.options.join(', ')}? [${question.default}]`
}

function acceptAnswer(question: Question, line: string): Answer {
  if (question.id === 'one-time-password') return line
  return question.options.find((option) => option === line) ?? question.default
}
