using System.Text.Json;

namespace QueueLog.Tests.Support;

/// <summary>Runs an interactive PowerShell on a terminal, and gives what a user sees there: python3 is the terminal.</summary>
internal static class ScreenScript
{
    // The little of a terminal that .NET and PowerShell use: a cursor, scrolling, and the answer to where the cursor is.
    private const string Terminal = """
        import fcntl, json, os, pty, re, select, struct, sys, termios, time
        ROWS, COLUMNS = 40, 120
        screen, history, row, column, pending, kept, seen = [[' '] * COLUMNS for _ in range(ROWS)], [], 0, 0, b'', None, []

        def down():
            global row
            if row < ROWS - 1:
                row += 1
            else:
                history.append(screen.pop(0))
                screen.append([' '] * COLUMNS)

        def put(c):
            global column
            if c == '\n':
                down()
            elif c == '\r':
                column = 0
            elif c == '\b':
                column = max(0, column - 1)
            elif c >= ' ':
                if column == COLUMNS:
                    column = 0
                    down()
                screen[row][column] = c
                column += 1

        def control(parameters, end):
            global row, column, screen, kept
            if parameters == '?1049':
                if end == 'h':
                    kept = (screen, row, column)
                    screen, row, column = [[' '] * COLUMNS for _ in range(ROWS)], 0, 0
                elif kept:
                    screen, row, column = kept
                return
            numbers = [int(n) for n in re.findall(r'\d+', parameters)]
            n = numbers[0] if numbers else 0
            if end == 'H':
                row, column = max(n, 1) - 1, (numbers[1] if len(numbers) > 1 else 1) - 1
            elif end == 'A':
                row = max(0, row - max(n, 1))
            elif end == 'C':
                column = min(COLUMNS, column + max(n, 1))
            elif end == 'D':
                column = max(0, column - max(n, 1))
            elif end == 'G':
                column = max(n, 1) - 1
            elif end == 'K':
                screen[row][column:] = [' '] * (COLUMNS - column)
            elif end == 'J':
                screen[row][column:] = [' '] * (COLUMNS - column)
                for r in range(0 if n == 2 else row + 1, ROWS):
                    screen[r] = [' '] * COLUMNS
            elif end == 'n' and n == 6:
                os.write(main, b'\x1b[%d;%dR' % (row + 1, min(column, COLUMNS - 1) + 1))

        def feed(data):
            global pending
            text = (pending + data).decode('utf-8', 'replace')
            pending, i = b'', 0
            while i < len(text):
                if text[i] != '\x1b':
                    put(text[i])
                    i += 1
                elif match := re.compile(r'\x1b\[([0-9;?>!]*)([@-~])').match(text, i):
                    control(match[1], match[2])
                    i = match.end()
                elif match := re.compile(r'\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[^\[\]]').match(text, i):
                    i = match.end()
                else:
                    pending = text[i:].encode()
                    break

        def lines():
            return [''.join(line).rstrip() for line in history + screen]

        steps = json.loads(sys.argv[2])
        child, main = pty.fork()
        if child == 0:
            os.execvp(sys.argv[3], sys.argv[3:])
        fcntl.ioctl(main, termios.TIOCSWINSZ, struct.pack('HHHH', ROWS, COLUMNS, 0, 0))
        limit = time.monotonic() + float(sys.argv[1])
        while not any(line.startswith('READY>') for line in lines()) and time.monotonic() < limit:
            if select.select([main], [], [], 0.1)[0]:
                try:
                    feed(os.read(main, 65536))
                except OSError:
                    break
            if steps and any(steps[0][0] in line for line in lines()):
                seen += [line for line in lines() if line]
                os.write(main, steps.pop(0)[1].encode())
        print('\n'.join(seen))
        print('\n'.join(line for line in lines() if line))
        os.kill(child, 9)
        """;

    /// <param name="script">The script.</param>
    /// <param name="steps">Keys to press, each when its text is on the screen.</param>
    /// <returns>
    /// The lines on the screen at each step, and at the end those that are there when the prompt is, with those that have left it; without
    /// empty ones.
    /// </returns>
    public static async Task<string[]> RunAsync(string script, params (string Text, string Keys)[] steps)
    {
        var shown = await PythonScript.RunAsync(
            "-c", Terminal, $"{TestTimeout.Limit.TotalSeconds - 5}", JsonSerializer.Serialize(steps.Select(static step => new[] { step.Text, step.Keys })), "env", "TERM=xterm", PwshProcess.Program, "-NoProfile", "-NoLogo", "-NoExit", "-c", "function prompt { 'READY> ' }\n" + script);
        return shown.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
