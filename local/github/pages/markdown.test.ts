import { describe, expect, it } from 'vitest';

import { markdown } from './markdown';

const render = (text: string) => markdown(text).text.replace(/\s+/g, ' ').replace(/> </g, '><').trim();

describe('markdown', () => {
  it.each([
    ['two\nlines\n\nnext', '<p>two<br />lines</p><p>next</p>'],
    ['# A `b`', '<h3>A <code>b</code></h3>'],
    ['- one\n- [ ] two\n- [x] three', '<ul><li>one</li><li>☐ two</li><li>☑ three</li></ul>'],
    ['1. one\n2. two', '<ol><li>one</li><li>two</li></ol>'],
    ['```yaml\na: *b*\n```\nafter', '<pre><code>a: *b*</code></pre><p>after</p>'],
    ['> quoted\n> more', '<blockquote><p>quoted<br />more</p></blockquote>'],
    ['snake_case_name and a*b*c', '<p>snake_case_name and a*b*c</p>'],
    [
      'see https://a.test/b_c_d.',
      '<p>see <a href="https://a.test/b_c_d" rel="noreferrer">https://a.test/b_c_d</a>.</p>',
    ],
    ['<!-- slipway:request=1 -->shown', '<p>shown</p>'],
    ['a \\[b\\] &amp; &lt;c&gt; \\_', '<p>a [b] &amp; &lt;c&gt; _</p>'],
    ['say \\`this\\` and `that`', '<p>say `this` and <code>that</code></p>'],
    ['a & b <b>', '<p>a &amp; b &lt;b&gt;</p>'],
    ['[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
    ['---', '<hr />'],
    [
      '<details><summary>2 &lt;things&gt; &amp; more</summary>\n\n- one\n\n```\n</details>\n```\n\n</details>\nafter',
      '<details class="fold"><summary>2 &lt;things&gt; &amp; more</summary><ul><li>one</li></ul><pre><code>&lt;/details&gt;</code></pre></details><p>after</p>',
    ],
    [
      '<details open onclick=x><summary>no</summary>',
      '<p>&lt;details open onclick=x&gt;&lt;summary&gt;no&lt;/summary&gt;</p>',
    ],
    ['```\nnever closed', '<pre><code>never closed</code></pre>'],
  ])('renders %j', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it('renders tables with code that has a bar in it', () => {
    expect(render('| a | b |\n| --- | :-: |\n| `x\\|y` | 2 |')).toContain('<td><code>x|y</code></td><td>2</td>');
  });
});
