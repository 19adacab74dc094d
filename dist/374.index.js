"use strict";exports.id=374,exports.ids=[374],exports.modules={1374:((e,t,n)=>{n.r(t),n.d(t,{fitPlainText:()=>s,toPlainText:()=>o});var r=n(5557),i=n(8022),a=n(488);function o(e){let t=new Set,n=new i.Dz({async:!1,renderer:{link({href:e,tokens:n}){return t.has(e)?this.parser.parseInline(n):(t.add(e),!1)},checkbox:({checked:e})=>e?`[x] `:`[ ] `}}).parse(e,{async:!1}),a={uppercase:!1};return(0,r.C6)(n,{wordwrap:!1,formatters:{alt:({attribs:e},t,n)=>n.addInline(e.alt??``)},selectors:[{selector:`img`,format:`alt`},...[`h1`,`h2`,`h3`,`h4`,`h5`,`h6`].map(e=>({selector:e,options:a})),{selector:`a`,options:{hideLinkHrefIfSameAsText:!0,linkBrackets:[`(`,`)`],noAnchorUrl:!0}},{selector:`ul`,options:{itemPrefix:`- `}},{selector:`table`,format:`dataTable`,options:{uppercaseHeaderCells:!1}}]}).split(`
`).map(e=>e.trimEnd()).join(`
`).replace(/\n{3,}/g,`

`).replace(/^\n+/,``).trimEnd()}function s(e,{limit:t,link:n}){let r=new TextEncoder,i=e=>r.encode(e).length,{length:o}=e;if(i(e)<=t)return{text:e,truncated:!1,length:o,leftOut:``,lostTitles:[]};let s=(n===void 0?[`

…`]:[`\n\n… ${n}`,`

…`]).find(e=>i(e)<=t*.75)??``,c=new Uint8Array(t-i(s)),l=e.slice(0,r.encodeInto(e,c).read),u=[`

`,`
`,` `].map(e=>l.lastIndexOf(e)).find(e=>e>l.length/2)??l.length,d=l.slice(0,u).trimEnd(),f=(0,a.C)(e.slice(d.length));return{text:d+s,truncated:!0,length:o,leftOut:f,lostTitles:[]}}})};