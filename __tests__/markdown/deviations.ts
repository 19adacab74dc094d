/** A reason, and the examples that it holds for, by what was put in and what deviates. */
type Deviation = readonly [reason: string, examples: Readonly<Record<string, string>>];

/** Where the notes are deliberately, or harmlessly, not what the trees say. */
export const knownDeviations: readonly Deviation[] = [
  [
    'A fence or `<style>` that is never closed is text: one slip of an author must not hide the rest.',
    {
      'comment between: public': '127 128 139 173',
      'link within: public': '127 128 139 172 173',
      'link within: private': '127 128 139 172 173',
      'image within: public': '127 128 139 172 173',
      'image within: private': '127 128 139 172 173',
      'reference within: private': '127 128 139 172 173',
      'comment within: public': '127 128 139 172 173',
      'comment within: private': '127 128 139 172 173',
      'comment between: private': '127 139 173',
      'link between: public': '127 139 173',
      'link between: private': '127 139',
      'image between: public': '127 139 173',
      'image between: private': '127 139',
      'reference within: public': '127 139 172 173',
      'reference between: public': '127 139 173',
      'reference between: private': '127 139',
      exclude: '126 127 139 173 237',
    },
  ],
  [
    'Markdown in an HTML block is rewritten, though it is shown as it stands.',
    {
      'link within: public': '160 174 185 186',
      'link within: private': '160 174 185 186',
      'image within: public': '160 174 185 186',
      'image within: private': '160 174 185 186',
      'reference within: private': '160 174 185 186',
      'link between: public':
        '148 149 150 151 152 153 155 160 161 162 163 164 165 166 167 184 186 188 189 190 191',
      'link between: private':
        '148 149 150 151 152 155 160 161 162 163 164 165 166 167 184 186 188 189 190 191',
      'image between: public':
        '148 149 150 151 152 153 155 160 161 162 163 164 165 166 167 184 186 188 189 190 191',
      'image between: private':
        '148 149 150 151 152 155 160 161 162 163 164 165 166 167 184 186 188 189 190 191',
      'reference between: private':
        '148 149 150 151 152 155 160 161 162 163 164 165 166 167 184 186 188 189 190 191',
    },
  ],
  [
    'A comment may be all that parts two blocks, or a list from what follows it.',
    {
      'comment between: public':
        '3 4 5 8 9 42 61 70 85 107 108 109 110 111 112 116 134 174 175 228 229 230 231 232 238 240 241 243 244 249 251 254 256 258 259 260 262 263 264 270 271 273 274 277 281 282 283 286 287 288 289 293 294 295 296 300 301 302 304 306 307 308 309 310 311 312 313 314 315 316 317 318 319 320 321 323 324 325 326',
      'link within: public': '308 309',
      'image within: public': '308 309',
      'comment within: public': '308 309',
      'comment between: private': '109 254 263 286 287 288 296 304',
      'link between: public': '308 309',
      'image between: public': '308 309',
      'reference within: public': '308 309',
      'reference between: public': '308 309',
      'alone: public': '308 309',
    },
  ],
  [
    'A comment before text makes an HTML block of its line; without it, the text is Markdown.',
    {
      'comment between: public': '177',
      'link within: public': '177',
      'link within: private': '177',
      'image within: public': '177',
      'image within: private': '177',
      'reference within: private': '177',
      'comment within: public': '177 183',
      'comment within: private': '177',
      'comment between: private': '177',
      'link between: public': '177',
      'link between: private': '177',
      'image between: public': '177',
      'image between: private': '177',
      'reference within: public': '177',
      'reference between: public': '177',
      'reference between: private': '177',
      'alone: private': '177',
      'alone: public': '177',
    },
  ],
  [
    'Code in a quote, behind a tab, or in a span over several lines is read for links and comments.',
    {
      'link within: public': '6 236 252',
      'link within: private': '6 236 252',
      'image within: public': '6 236 252',
      'image within: private': '6 236 252',
      'reference within: private': '6 236 252',
      'comment within: public': '6 7 121 236 252 273 274 335 336 337',
      'comment within: private': '6 7 121 236 252 273 274 335 336 337',
    },
  ],
  [
    'In `<?`, `<![CDATA[`, a tag, a definition and a title, a comment is text, and goes too.',
    {
      'comment between: public': '153 154 156 157 158 180 182 625',
      'comment within: public': '157 180 182 196 203 204 616',
      'comment within: private': '157 180 182 203 204 616',
      'comment between: private': '153 156 157 158 180 182 625',
    },
  ],
  [
    'In what is shown as it stands, a comment stays.',
    {
      'comment within: comment in public': '161 169 170 178',
      'comment within: comment in private': '161 169 170 178',
      'comment between: comment in public': '169 170 171 172 178',
      'comment between: comment in private': '169 170 171 172 178',
    },
  ],
  [
    'What is left where a hidden link was can be markup together with what is around it.',
    {
      'link within: private': '208 616',
      'image within: private': '208 616',
      'reference within: private': '208 616',
      'comment between: private': '162 534 535 559 564 571',
      'link between: private': '208 491 534 535 541 559 564 571 615 616',
      'image between: private': '208 491 534 535 541 559 564 571 615 616',
      'reference between: private': '208 491 534 535 541 552 559 564 571 615 616',
      'alone: private': '162 473 474 475 518 519 520 521 534 535 559 564 571',
    },
  ],
  [
    'An address over several lines, or with a backtick, is encoded.',
    {
      'link between: public': '642',
      'image between: public': '642',
      'reference between: public': '642',
      'alone: public': '344 642',
    },
  ],
  [
    'Where a cut is in an HTML element, the element is closed.',
    {
      fit: '149 190 191',
    },
  ],
  ['HTML that only its own end tag closes hides the mark behind it.', { fit: '173 180' }],
];
