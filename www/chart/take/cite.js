// @ts-check
// How to cite a chart: the paper, and what made the numbers.

/** What means something to BibTeX is left out of what a stranger's chart says. @param {string} text */
const plain = (text) => text.replaceAll(/[{}\\%#$&~^_"\n\r]/g, ' ');

/** @param {import('../../types.d.ts').PhaseChart} chart */
export const bibtex = ({ provenance }) => `@article{he2021neural,
  title = {Neural networks behave as hash encoders: An empirical study},
  author = {He, Fengxiang and Lei, Shiye and Ji, Jianmin and Tao, Dacheng},
  journal = {arXiv preprint arXiv:2101.05490},
  year = {2021}
}

@software{hash_phase,
  title = {hash-phase: the activation hash phase chart, trained in the reader's browser},
  author = {{The hash-phase authors}},
  version = {${plain(provenance.crate)}},
  note = {Engine: ${plain(provenance.engine)}, ${plain(provenance.backend)}}
}
`;
